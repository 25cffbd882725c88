// Reads from the fragment what the link is about and its token: a booking, a place in the line, or a series.
const parts = location.hash.slice(1).split(".");
const [kind, id, token] = parts.length === 3 ? parts : ["booking", ...parts];
const doors = { booking: "bookings", waiting: "waiting", series: "series" };
const at = (name) => document.getElementById(name);
const clock = new Intl.DateTimeFormat("da-DK", { dateStyle: "full", timeStyle: "short", timeZone: "Europe/Copenhagen" });
const between = (time) => clock.formatRange(new Date(time.starts_at), new Date(time.ends_at));
const broken = ["Linket virker ikke. Brug linket i din mail.", "The link does not work. Use the one in your mail."];
let version = null;

function tell(danish, english) {
  const beside = document.createElement("span");
  beside.lang = "en";
  beside.textContent = english;
  at("message").replaceChildren(danish + " ", beside);
}

function list(name, items) {
  at(name).replaceChildren(...items.map((item) => {
    const row = document.createElement("li");
    row.append(item);
    return row;
  }));
}

const states = {
  requested: ["Vi har din anmodning og svarer dig.", "We have your request and will answer."],
  confirmed: ["Tiden er din.", "The time is yours."],
  declined: ["Vi kan desværre ikke give dig tiden.", "We are sorry that we cannot give you this time."],
  cancelled: ["Tiden er aflyst.", "The booking is cancelled."],
  completed: ["Tak, fordi du kom.", "Thank you for coming."],
  no_show: ["Tiden er forbi.", "The time is over."],
  waiting: ["Du står i kø. Vi skriver, når en tid er ledig.", "You are in the line. We write when a time is free."],
  accepted: ["Tiden er din. Vi har sendt dig et nyt link.", "The time is yours. We have sent you a new link."],
  lapsed: ["Tilbuddet er udløbet.", "The offer has ended."],
  left: ["Du står ikke længere i køen.", "You have left the line."],
};
const shows = {
  booking(booking) {
    at("when").textContent = between(booking);
    at("where").textContent = [booking.resource.name, booking.resource.locality].filter(Boolean).join(", ");
    at("booking").hidden = false;
    at("cancel").hidden = at("move").hidden = !booking.changeable;
    at("choice").hidden = true;
    tell(...states[booking.state]);
    if (booking.state === "declined") refused(booking);
  },
  waiting(place) {
    const offered = place.state === "offered";
    at("booking").hidden = at("take").hidden = !offered;
    if (!offered) return tell(...states[place.state]);
    at("when").textContent = between(place.offer);
    at("where").textContent = [place.resource.name, place.offer.locality].filter(Boolean).join(", ");
    const until = clock.format(new Date(place.offer.answer_by));
    tell(`Tiden er ledig. Vi holder den til dig indtil ${until}.`, `The time is free. We keep it for you until ${until}.`);
  },
  series(series) {
    list("occurrences", series.occurrences.map(occurrence));
    at("occurrences").hidden = false;
    tell("Hver tid er afgjort for sig.", "Each of the times has been decided on its own.");
  },
};

async function refused({ decline_reason: reason }) {
  if (reason) tell(`${states.declined[0]} ${reason}`, states.declined[1]);
  const { found } = await ask("/times");
  if (!found?.items.length) return;
  list("occurrences", ["Ledig i stedet · Free instead", ...found.items.map(between)]);
  at("occurrences").hidden = false;
}

function occurrence(each) {
  const refused = "Tiden var optaget eller lukket. Vi tilbyder dig den, hvis den bliver ledig.";
  if (!each.offer) return `${between(each)}: ${states[each.state]?.[0] ?? refused}`;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = `${between(each.offer)} er blevet ledig: tag tiden`;
  button.addEventListener("click", async () => {
    await ask("/accept", "POST", undefined, `waiting/${encodeURIComponent(each.waiting_id)}`);
    await look();
  });
  return button;
}

async function ask(path = "", method = "GET", body = undefined, thing = `${doors[kind]}/${encodeURIComponent(id)}`) {
  const headers = { "X-Manage-Token": token };
  if (body) headers["Content-Type"] = "application/json";
  if (version && kind !== "series" && method !== "GET") headers["If-Match"] = version;
  try {
    const answer = await fetch(thing + path, { method, headers, body: body && JSON.stringify(body) });
    if (answer.ok) return { found: await answer.json(), version: answer.headers.get("ETag") };
    if (answer.status === 409 || answer.status === 412) return { changed: (await answer.json()).alternatives ?? [] };
    if (answer.status === 429) tell("For mange forsøg. Prøv igen senere.", "Too many attempts. Try again later.");
    else if (answer.status >= 500) tell("Prøv igen om lidt.", "Try again in a moment.");
    else tell(...broken);
  } catch {
    tell("Der er ingen forbindelse. Prøv igen.", "No connection. Try again.");
  }
  return {};
}

async function look(path = "", method = "GET", body = undefined) {
  const answer = await ask(path, method, body);
  if (answer.found) {
    version = answer.version;
    shows[kind](answer.found);
  } else if (answer.changed) {
    await look(); // Changed, begun or taken in the meantime: show how it is.
    if (answer.changed.length) choose(answer.changed, "Den tid er lige blevet taget.", "That time has just been taken.");
  }
}

function choose(times, danish, english) {
  tell(danish, english);
  list("times", times.map((time) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = between(time);
    button.addEventListener("click", () => look("/reschedule", "POST", { starts_at: time.starts_at, ends_at: time.ends_at }));
    return button;
  }));
  at("choice").hidden = false;
  at("times").querySelector("button")?.focus();
}

at("move").addEventListener("click", async () => {
  const { found } = await ask("/times");
  if (!found) return;
  if (found.items.length) choose(found.items, "Vælg en af de ledige tider.", "Choose one of the free times.");
  else tell("Der er ingen andre ledige tider den næste måned.", "There are no other free times within a month.");
});
at("take").addEventListener("click", () => look("/accept", "POST"));
at("cancel").addEventListener("click", () => at("sure").showModal());
at("no").addEventListener("click", () => at("sure").close());
at("yes").addEventListener("click", async () => {
  at("sure").close();
  await look("/cancel", "POST");
});
addEventListener("hashchange", () => location.reload());
if (id && token && doors[kind]) look();
else tell(...broken);
