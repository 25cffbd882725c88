// Asks for a seat at the gathering whose id stands in the fragment, and goes on to the page of that seat.
const id = location.hash.slice(1);
const at = (name) => document.getElementById(name);
const time = new Intl.DateTimeFormat("da-DK", { dateStyle: "full", timeStyle: "short", timeZone: "Europe/Copenhagen" });
// One key for what is sent: whoever presses again, after a lost connection for instance, has one seat.
const keys = new Map();
function keyOf(body) {
  const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"));
  if (!keys.has(body)) keys.set(body, random().join(""));
  return keys.get(body);
}

function tell(danish, english) {
  const beside = document.createElement("span");
  beside.lang = "en";
  beside.textContent = english;
  at("message").replaceChildren(danish + " ", beside);
}

function ask({ key, text, required }) {
  const line = document.createElement("p");
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.value = key;
  box.required = required;
  label.append(box, " " + text);
  line.append(label);
  at("criteria").append(line);
}

function suggest(others) {
  at("others").replaceChildren(...others.map((other) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `calendar#${other.id}`;
    link.textContent = `${other.title}, ${time.format(new Date(other.starts_at))}`;
    line.append(link);
    return line;
  }));
  at("others").hidden = !others.length;
}

function show(gathering, seats) {
  at("what").textContent = gathering.title;
  at("when").textContent = time.formatRange(new Date(gathering.starts_at), new Date(gathering.ends_at));
  const open = gathering.state === "scheduled" && new Date(gathering.starts_at) > new Date();
  if (!open) return tell("Man kan ikke længere tilmelde sig.", "Signing up is no longer possible.");
  if (gathering.admission === "drop_in") return tell("Her kommer man uden tilmelding.", "No sign-up is needed here.");
  gathering.criteria.forEach(ask);
  at("criteria").hidden = !gathering.criteria.length;
  at("form").hidden = false;
  if (seats.free === null) tell("Der er plads.", "There is room.");
  else if (seats.free > 0) tell(`Ledige pladser: ${seats.free}.`, `Free seats: ${seats.free}.`);
  else if (gathering.waiting_list) tell("Der er fuldt. Du kan stå i kø.", "It is full. You can wait in the queue.");
  else tell("Der er fuldt.", "It is full.");
}

async function load() {
  try {
    const path = `gatherings/${encodeURIComponent(id)}`;
    const [gathering, seats] = await Promise.all([fetch(path), fetch(`${path}/seats`)]);
    if (gathering.ok && seats.ok) show(await gathering.json(), await seats.json());
    else tell("Det findes ikke.", "There is no such thing.");
  } catch {
    tell("Der er ingen forbindelse. Prøv igen.", "No connection. Try again.");
  }
}

async function send() {
  const contact = { name: at("name").value, email: at("email").value, language: at("language").value };
  if (at("phone").value.trim()) contact.phone = at("phone").value;
  if (at("sms").checked) contact.prefers = "sms";
  const meets = [...at("criteria").querySelectorAll("input:checked")].map((box) => box.value);
  const body = JSON.stringify({ contact, meets });
  const headers = { "Content-Type": "application/json", "Idempotency-Key": keyOf(body) };
  const answer = await fetch(`gatherings/${encodeURIComponent(id)}/signups`, { method: "POST", headers, body });
  const told = await answer.json();
  if (answer.ok) return location.assign(`seat#${told.id}.${told.manage_token}`);
  suggest(told.alternatives ?? []);
  const wrong = (told.errors ?? []).map(({ field, message }) => `${field.replace("contact.", "")} ${message}`).join("; ");
  return tell(wrong || told.title, "");
}

at("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  at("send").disabled = true;
  try {
    await send();
  } catch {
    tell("Der er ingen forbindelse. Prøv igen.", "No connection. Try again.");
  }
  at("send").disabled = false;
});
addEventListener("hashchange", () => location.reload());
load();
