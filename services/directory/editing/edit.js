// An editor's own activities: written, previewed, shown or sent in. The fragment holds the link, which no server logs.
const link = location.hash.slice(1);
const at = (id) => document.getElementById(id);
const plain = [...at("form").querySelectorAll("[name]")];
const lists = new Set(["themes", "target_groups"]);
const days = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"];
const states = {
  draft: ["Kladde: kun I ser den", "Draft: only you see it"],
  published: ["Vises for alle", "Everybody sees it"],
  withdrawn: ["Taget ned", "Taken down"],
  waiting: ["Vises; en ændring er ikke vist endnu", "Shown; a change is not shown yet"],
  submitted: ["Ligger hos frivilligcentret", "With the volunteer centre"],
  returned: ["Sendt tilbage til jer", "Sent back to you"],
  planned: ["Vises fra den valgte dag", "Shown from the chosen day"],
};
const questions = {
  description: ["Hvad foregår der?", "What goes on?"],
  schedules: ["Hvornår er det?", "When is it?"],
  place: ["Hvor er det?", "Where is it?"],
  target_groups: ["Hvem er det for?", "Whom is it for?"],
  themes: ["Hvad handler det om?", "What is it about?"],
  how_to_join: ["Hvordan kommer man med?", "How does one join?"],
  price: ["Hvad koster det?", "What does it cost?"],
  accessibility: ["Hvem kan komme ind?", "Who can get in?"],
};
const open = ["draft", "submitted", "returned"];
let opened, entry, change;

function tell(danish, english = "", where = "message") {
  const beside = document.createElement("span");
  beside.lang = "en";
  beside.textContent = english;
  at(where).replaceChildren(danish + " ", beside);
}

async function ask(path, method = "GET", body = undefined, version = undefined) {
  const headers = { "X-Editor-Link": link };
  if (body) headers["Content-Type"] = "application/json";
  if (version) headers["If-Match"] = `"${version}"`;
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    tell("Der er ingen forbindelse. Prøv igen.", "No connection. Try again.");
    return null;
  }
  if (answer.ok) return answer.status === 202 ? {} : answer.json();
  const problem = await answer.json();
  if (answer.status === 404 && !opened) lost();
  else if (answer.status === 412) tell("En anden har rettet det imens. Gå tilbage og åbn det igen.", "Somebody has changed it meanwhile. Go back and open it again.");
  else refuse(problem);
  return null;
}

function lost() {
  at("lost").hidden = false;
  tell("Linket virker ikke mere.", "The link does not work any more.");
}

function refuse(problem) {
  const wrong = (problem.errors ?? []).map(({ field, message }) => {
    const input = at(field === "form" ? "form_" : field.split(/[.[]/)[0]);
    input?.setAttribute("aria-invalid", "true");
    input?.closest("details")?.setAttribute("open", "");
    const label = at("form").querySelector(`label[for="${input?.id}"]`)?.firstChild.textContent.trim() ?? field;
    return `${label} ${message}`;
  });
  tell(wrong.join("; ") || problem.title);
  at("form").querySelector("[aria-invalid=true]")?.focus();
}

async function overview() {
  const own = `organisation_id=${opened.organisation.id}&limit=200`;
  const found = await Promise.all([...["draft", "published", "withdrawn"].map((state) => ask(`activities?${own}&state=${state}`)), ask("changes?limit=200")]);
  if (found.includes(null)) return;
  const changes = found.pop().items.filter((each) => open.includes(each.state) && each.kind === "activity" && each.changed.length);
  at("activities").replaceChildren(...found.flatMap(({ items }) => items).map((activity) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${activity.title}: ${state(activity, changes.find((each) => each.entry_id === activity.id))[0]}`;
    button.addEventListener("click", () => edit(activity.id, changes.find((each) => each.entry_id === activity.id)?.id));
    const row = document.createElement("li");
    row.append(button);
    return row;
  }));
  at("editor").hidden = true;
  at("overview").hidden = false;
}

function state(activity, pending) {
  if (pending && pending.state !== "draft") return states[pending.state];
  if (activity.publish_on) return states.planned;
  return pending && activity.state === "published" ? states.waiting : states[activity.state];
}

async function edit(id, changeId) {
  entry = id ? await ask(`activities/${id}`) : {};
  change = changeId ? await ask(`changes/${changeId}`) : null;
  if (entry === null || (changeId && !change)) return;
  fill(change?.preview ?? entry);
  at("overview").hidden = true;
  at("editor").hidden = false;
  at("reason").hidden = change?.state !== "returned";
  at("reason").textContent = change?.reason ?? "";
  tell("");
  await show();
  at("state").focus();
}

function fill(said) {
  for (const input of plain) {
    if (input.type === "checkbox") input.checked = Boolean(said[input.name]);
    else if (input.name === "form") input.value = said.form ?? "physical";
    else input.value = lists.has(input.name) ? (said[input.name] ?? []).join(", ") : said[input.name] ?? "";
  }
  for (const box of at("accessibility").querySelectorAll("input")) box.checked = (said.accessibility ?? []).includes(box.value);
  const weekly = (said.schedules ?? []).find((each) => "weekday" in each);
  at("weekday").value = weekly?.weekday ?? "";
  at("from").value = weekly?.from ?? "";
  at("to").value = weekly?.to ?? "";
  at("title_en").value = said.translations?.en?.title ?? "";
}

function written(said) {
  const body = {};
  for (const { name, type, value, checked } of plain) {
    if (type === "checkbox") body[name] = checked;
    else if (lists.has(name)) body[name] = value.split(",").map((word) => word.trim()).filter(Boolean);
    else if (name === "price") body[name] = value === "" ? null : Number(value);
    else body[name] = value || (["title", "description", "how_to_join"].includes(name) ? value : null);
  }
  body.accessibility = [...at("accessibility").querySelectorAll("input:checked")].map((box) => box.value);
  // Of several times this page changes the first weekly one, and keeps the others.
  const times = [...(said.schedules ?? [])];
  const first = times.findIndex((each) => "weekday" in each);
  const own = at("weekday").value === "" ? [] : [{ ...times[first], weekday: Number(at("weekday").value), from: at("from").value, to: at("to").value }];
  times.splice(first < 0 ? times.length : first, first < 0 ? 0 : 1, ...own);
  body.schedules = times;
  const { title, ...english } = said.translations?.en ?? {};
  body.translations = { ...said.translations, en: at("title_en").value ? { ...english, title: at("title_en").value } : english };
  if (!Object.keys(body.translations.en).length) delete body.translations.en;
  return body;
}

async function save() {
  at("preview").hidden = true; // Until it shows what is kept, nobody can show anything else by it.
  for (const input of at("form").querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  const body = written(change?.preview ?? entry);
  if (!entry.id) {
    const made = await ask("activities", "POST", { ...body, publish_on: null, organisation_id: opened.organisation.id });
    if (!made) return;
    entry = made;
  }
  // What is written waits beside the entry until it is shown, so that nobody sees half of it.
  const kept = await ask(`activities/${entry.id}/changes`, "POST", body);
  if (!kept) return;
  change = kept;
  await show();
  tell("Gemt. Ingen andre ser det endnu.", "Saved. Nobody else sees it yet.");
  at("preview").scrollIntoView();
}

async function show() {
  const said = change?.preview ?? entry;
  tell(...(entry.id ? state(entry, change) : ["Ny aktivitet", "New activity"]), "state");
  at("preview").hidden = !entry.id;
  if (!entry.id) return;
  at("shown_title").textContent = said.title;
  const times = said.schedules.map((each) => `${each.date ?? days[each.weekday]} ${each.from}–${each.to}`);
  const price = said.price === 0 ? "gratis" : said.price === null ? "" : `${said.price} kr.`;
  const lines = { Hvad: said.description, Hvornår: times.join(", "), Hvor: [said.address, said.postcode, said.locality].filter(Boolean).join(", "), Pris: price, "Sådan kommer man med": said.how_to_join };
  at("shown").replaceChildren(...Object.entries(lines).filter(([, line]) => line).flatMap(([name, line]) => [["dt", name], ["dd", line]]).map(([tag, line]) => {
    const element = document.createElement(tag);
    element.textContent = line;
    return element;
  }));
  const missing = change?.missing ?? (await ask(`activities/${entry.id}/hints`))?.hints.map(({ field }) => field) ?? [];
  at("hints").replaceChildren(...missing.map((field) => {
    const line = document.createElement("li");
    line.id = `hint_${field}`;
    return line;
  }));
  for (const field of missing) tell(...questions[field], `hint_${field}`);
  at("withdraw").hidden = entry.state !== "published";
  at("publish").hidden = !change || change.state === "submitted" || !change.changed.length;
  tell(...(opened.review ? ["Send til frivilligcentret", "Send to the volunteer centre"] : ["Vis det for alle", "Show it to everybody"]), "publish");
}

async function done(path, version, danish, english) {
  if (await ask(path, "POST", undefined, version)) {
    await overview();
    tell(danish, english);
  }
}

at("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  // What is sent in is what was saved, so nothing is sent while it is being saved.
  at("save").disabled = at("publish").disabled = true;
  await save();
  at("save").disabled = at("publish").disabled = false;
});
at("publish").addEventListener("click", () => (opened.review
  ? done(`changes/${change.id}/submit`, change.version, "Sendt. Frivilligcentret ser på det.", "Sent. The volunteer centre will look at it.")
  : done(`changes/${change.id}/submit`, change.version, "Det er gjort.", "It is done.")));
at("withdraw").addEventListener("click", () => done(`activities/${entry.id}/withdraw`, entry.version, "Det er taget ned.", "It has been taken down."));
at("new").addEventListener("click", () => edit());
at("back").addEventListener("click", () => { tell(""); overview(); });
at("lost").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await ask("editor-links", "POST", { email: at("email").value })) tell("Er adressen en redaktørs, ligger der en mail om lidt.", "If the address is an editor's, there will be a mail in a moment.");
});
addEventListener("hashchange", () => location.reload());

async function begin() {
  if (!link) return lost();
  opened = await ask("editing");
  if (!opened) return;
  at("whose").textContent = opened.organisation.name;
  await overview();
  if (!at("activities").children.length) tell("I viser ingen aktiviteter endnu.", "You show no activities yet.");
  else tell("");
}
begin();
