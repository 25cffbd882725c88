// Rounds for people: wishes, what collides, the decision, and everybody's account of it. The token stays in memory.
const at = (name) => document.getElementById(name);
const zone = { timeZone: "Europe/Copenhagen" };
const days = Array.from({ length: 7 }, (_, day) => new Intl.DateTimeFormat("da-DK", { weekday: "long", timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + day))));
const moment = new Intl.DateTimeFormat("da-DK", { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", ...zone });
const weeks = { every: "", even: ", lige uger", odd: ", ulige uger" };
const reasons = {
  "taken-in-round": "en anden forening fik den", "slot-taken": "var booket i forvejen", "not-open": "lukket",
  over: "forbi", "no-such-time": "den time findes ikke", "nothing-fits": "intet sted passer",
};
const places = new Map();
const names = new Map();
let token = null;
let staff = false;
let round = null;

function tell(danish, english = "") {
  const beside = document.createElement("span");
  beside.lang = "en";
  beside.textContent = english;
  at("message").replaceChildren(danish + " ", beside);
}

function element(tag, ...inside) {
  const made = document.createElement(tag);
  made.append(...inside);
  return made;
}

function button(words, act) {
  const made = element("button", words);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

async function ask(path, method = "GET", body = undefined, headers = {}) {
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  try {
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
    const told = answer.status === 204 ? {} : await answer.json();
    if (answer.ok) return { found: told, version: answer.headers.get("ETag") };
    const wrong = (told.errors ?? []).map(({ field, message }) => `${field} ${message}`).join("; ");
    return { wrong: wrong || told.title, status: answer.status };
  } catch {
    return { wrong: "Der er ingen forbindelse. Prøv igen." };
  }
}

// An association is an id here; its name is the directory's, if it has one.
async function nameOf(id) {
  if (!names.has(id)) {
    const tenant = location.pathname.split("/").at(-2);
    const { found } = await ask(`../../directory/${tenant}/organisations/${id}`);
    names.set(id, found?.name ?? `Forening ${id.slice(-8)}`);
  }
  return names.get(id);
}

const placeOf = (id) => places.get(id) ?? "et sted";
const inWords = (wish) => `${wish.weekday === null ? wish.rule : days[wish.weekday]} ${wish.from}–${wish.to}${weeks[wish.weeks] ?? ""}`;
const where = (wish) => wish.resource_ids.length ? `, ${wish.resource_ids.map(placeOf).join(" eller ")}` : "";
const hours = (count) => `${count.toLocaleString("da-DK")} timer`;

async function showWishes() {
  const { found } = await ask(`rounds/${round.id}/wishes`);
  const lines = await Promise.all((found?.items ?? []).map(async (wish) => {
    const words = `${staff ? `${await nameOf(wish.organisation_id)}: ` : ""}${wish.priority}. ${inWords(wish)}${where(wish)} `;
    const withdraw = button("Træk tilbage", async () => {
      const { wrong } = await ask(`rounds/${round.id}/wishes/${wish.id}`, "DELETE");
      await showWishes();
      if (wrong) tell(wrong);
    });
    return round.state === "open" ? element("li", words, withdraw) : element("li", words);
  }));
  at("wishes").replaceChildren(...lines);
  await showCollisions();
}

async function showCollisions() {
  const { found } = await ask(`rounds/${round.id}/collisions`);
  const lines = await Promise.all((found?.items ?? []).map(async ({ wishes: [one, other], times, first }) => element("li",
    `${await nameOf(one.organisation_id)} (${inWords(one)}) og ${await nameOf(other.organisation_id)} (${inWords(other)}): `
    + `${times} gange, første gang ${moment.format(new Date(first.starts_at))}`)));
  at("collisions").replaceChildren(...(lines.length ? lines : [element("li", "Ingen · None")]));
}

async function showAccount(account) {
  at("sums").textContent = `Ønsket: ${hours(account.hours_wished)}. Givet: ${hours(account.hours_given)}. Lod (seed): ${account.round.seed}`;
  const shares = await Promise.all(account.associations.map(async (share) => {
    const lines = share.wishes.flatMap((wish) => wish.times.map((time) => element("li",
      `${moment.format(new Date(time.starts_at))}: ${time.resource_id ? `${placeOf(time.resource_id)} (tur ${time.turn})` : reasons[time.reason] ?? time.reason}`)));
    const summary = `${await nameOf(share.organisation_id)}: ${hours(share.hours_given)} af ${hours(share.hours_wished)}`;
    return element("details", element("summary", summary), element("ul", ...lines));
  }));
  at("shares").replaceChildren(...shares);
  at("account").hidden = false;
}

async function open(id) {
  const [known, account] = await Promise.all([token ? ask(`rounds/${id}`) : {}, ask(`rounds/${id}/account`)]);
  round = known.found ?? account.found?.round;
  if (!round) return tell(known.wrong ?? account.wrong ?? "Den findes ikke.");
  round.tag = known.version;
  at("name").textContent = round.name;
  at("about").textContent = `${round.season_from} – ${round.season_until}. Ønsker til og med ${round.wishes_until}.`;
  at("rule").textContent = `${round.rule_in_words.da} Lod (seed): ${round.seed}`;
  at("round").hidden = false;
  at("mine").hidden = !token;
  at("wish").hidden = round.state !== "open";
  at("whose").hidden = !staff;
  at("deciding").hidden = !staff || round.state !== "open";
  at("place").replaceChildren(element("option", "lige meget · anywhere"), ...round.resource_ids.map((each) => {
    const option = element("option", placeOf(each));
    option.value = each;
    return option;
  }));
  at("place").firstChild.value = "";
  at("account").hidden = true;
  if (token) await showWishes();
  if (account.found) await showAccount(account.found);
  return tell("");
}

async function begin() {
  let path = "resources?limit=100";
  while (path) {
    const { found } = await ask(path);
    for (const each of found?.items ?? []) places.set(each.id, each.name);
    path = found?.next_cursor ? `resources?limit=100&cursor=${encodeURIComponent(found.next_cursor)}` : null;
  }
  if (token) {
    // Only staff see the line.
    staff = Boolean((await ask("waiting?limit=1")).found);
    const { found, wrong } = await ask("rounds");
    if (wrong) return tell(wrong);
    at("signin").hidden = true;
    at("rounds").replaceChildren(...found.items.map((each) => element("li", button(each.name, () => open(each.id)))));
    at("rounds").hidden = false;
  }
  const id = location.hash.slice(1);
  if (id) return open(encodeURIComponent(id));
  return tell(token ? "Vælg en runde." : "Log ind, eller brug linket til en runde.", token ? "Choose a round." : "Sign in, or use a round's link.");
}

at("weekday").replaceChildren(...days.map((name, day) => {
  const option = element("option", name);
  option.value = day;
  return option;
}));
at("signin").addEventListener("submit", async (event) => {
  event.preventDefault();
  token = at("token").value.trim() || null;
  at("token").value = "";
  await begin();
});
at("wish").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = { weekday: Number(at("weekday").value), weeks: at("weeks").value, from: at("from").value, to: at("to").value, priority: Number(at("priority").value) };
  if (at("place").value) body.resource_ids = [at("place").value];
  if (staff && at("organisation").value.trim()) body.organisation_id = at("organisation").value.trim();
  if (at("email").value.trim()) body.contact = { name: at("contact").value, email: at("email").value };
  const { wrong } = await ask(`rounds/${round.id}/wishes`, "POST", body);
  await showWishes();
  if (wrong) tell(wrong);
  else tell("Ønsket er tilføjet.", "The wish was added.");
});
at("preview").addEventListener("click", async () => {
  const { found, wrong } = await ask(`rounds/${round.id}/preview`);
  if (wrong) return tell(wrong);
  await showAccount(found);
  return tell("Sådan ville det falde ud. Intet er booket.", "This is what it would be. Nothing is booked.");
});
at("decide").addEventListener("click", () => at("sure").showModal());
at("no").addEventListener("click", () => at("sure").close());
at("yes").addEventListener("click", async () => {
  at("sure").close();
  tell("Fordeler …", "Deciding …");
  const { wrong } = await ask(`rounds/${round.id}/decide`, "POST", undefined, round.tag ? { "If-Match": round.tag } : {});
  await open(round.id);
  if (wrong) tell(wrong);
  else tell("Tiderne er fordelt.", "The times have been shared.");
});
addEventListener("hashchange", () => location.reload());
begin();
