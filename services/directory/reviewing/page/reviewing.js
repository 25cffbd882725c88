// What waits for staff, one change word by word, and the decision about it.
import { ask, at, both, button, element, kinds, marked, moment, readers, signedIn, signingIn, tell } from "./staff.js";

const states = {
  draft: ["Foreningen skriver på den. Den kommer tilbage på listen, når de sender den ind.", "The association is writing it. It comes back to the list when they send it in."],
  returned: ["Den er sendt tilbage til foreningen.", "It has been sent back to the association."],
  approved: ["Den er godkendt.", "It has been approved."],
  dropped: ["Foreningen har opgivet den.", "The association has given it up."],
};
const gone = { da: "fjernet", en: "removed" };
const came = { da: "nyt", en: "new" };
// What somebody has begun to write stays with its change until it is decided, wherever they look meanwhile.
const reasons = new Map();
let review = null;
let cursor = null;
let note = [];
let turn = 0;

function waited(since, language) {
  const minutes = Math.max(1, Math.floor((Date.now() - new Date(since)) / 60000));
  const [count, unit] = minutes < 60 ? [minutes, "minute"] : minutes < 1440 ? [Math.floor(minutes / 60), "hour"] : [Math.floor(minutes / 1440), "day"];
  return new Intl.NumberFormat(readers[language], { style: "unit", unit, unitDisplay: "long" }).format(count);
}

function whose({ kind, name, organisation }, language) {
  return [kinds[kind][language], ...(organisation && organisation !== name ? [organisation] : [])];
}

function row(each) {
  const link = element("a", each.name);
  link.href = `#${each.id}`;
  const said = (language, has, changes) => [`${has} ${waited(each.submitted_at, language)}`, ...whose(each, language), `${changes}: ${each.changed.map((name) => name[language]).join(", ") || "–"}`].join(" · ");
  const english = element("p", said("en", "Has waited", "changes"));
  english.lang = "en";
  return element("li", link, element("p", said("da", "Har ventet", "ændrer")), english);
}

async function list(more = false) {
  const mine = ++turn;
  const [page, policy] = await Promise.all([ask(`reviews?limit=20${more ? `&cursor=${encodeURIComponent(cursor)}` : ""}`), ask("review")]);
  if (mine !== turn) return null;
  const wrong = page.wrong ?? policy.wrong;
  if (wrong) return tell(wrong);
  const rows = page.found.items.map(row);
  if (more) at("waiting").append(...rows);
  else at("waiting").replaceChildren(...rows);
  cursor = page.found.next_cursor;
  at("more").hidden = !cursor;
  at("wanted").checked = policy.found.wanted;
  at("count").replaceChildren(...(page.found.count ? both(`${page.found.count} venter`, `${page.found.count} waiting`) : both("Der venter ikke noget", "Nothing is waiting")));
  at("signin").hidden = true;
  at("change").hidden = true;
  at("queue").hidden = false;
  at("decided").hidden = !at("decisions").children.length;
  document.title = "Ændringer, der venter · Changes that wait";
  (more ? rows[0]?.querySelector("a") : at("count"))?.focus();
  tell(...note);
  note = [];
  return null;
}

function side(name, pieces, language) {
  const said = element("dd", ...(pieces.length ? pieces : ["–"]));
  said.className = "words";
  if (language) said.lang = language;
  return element("div", element("dt", ...both(...name)), said);
}

function part({ field, name, before, after }) {
  const [, language] = field.startsWith("translations.") ? field.split(".") : [];
  const becomes = side(review.first ? ["Nyt", "New"] : ["Efter", "After"], marked(after, "ins", came), language);
  const sides = review.first ? [becomes] : [side(["Før", "Before"], marked(before, "del", gone), language), becomes];
  const pair = element("dl", ...sides);
  pair.className = review.first ? "" : "both";
  const group = element("section", element("h4", ...both(name.da, name.en)), pair);
  const changed = [...before, ...after].filter((piece) => piece.changed);
  if (changed.length && !changed.some(({ text }) => text.trim())) group.append(element("p", ...both("Kun mellemrum eller linjeskift er ændret.", "Only spaces or line breaks have changed.")));
  return group;
}

// The page that citizens will get, without its own links back and to the other language.
function looks(written, language) {
  const page = new DOMParser().parseFromString(written, "text/html").querySelector("main");
  for (const link of page.querySelectorAll(":scope > p > a")) link.parentElement.remove();
  for (const link of page.querySelectorAll("a")) link.target = "_blank";
  page.querySelector("h1").replaceWith(element("h4", page.querySelector("h1").textContent));
  const article = element("article", ...page.childNodes);
  article.lang = language;
  return article;
}

function show(found, pages) {
  review = found;
  const open = found.state === "submitted";
  at("name").textContent = found.name;
  const since = (language, words) => (found.submitted_at ? [`${words} ${moment(found.submitted_at, language)}`] : []);
  at("about").replaceChildren(...both([...whose(found, "da"), ...since("da", "sendt ind")].join(" · "), since("en", "sent in").join("")));
  at("state").hidden = open;
  if (!open) at("state").replaceChildren(...both(...states[found.state]), ...(found.state === "returned" ? [` “${found.reason}”`] : []));
  at("parts").replaceChildren(...found.parts.map(part));
  at("legend").hidden = found.first || !found.parts.length;
  at("new").hidden = !found.first;
  at("nothing").hidden = found.parts.length > 0;
  at("looks").replaceChildren(...pages.map((page, place) => looks(page, found.languages[place])));
  at("why").value = reasons.get(found.id) ?? "";
  at("approve").hidden = at("send_back").hidden = !open;
  at("mailed").hidden = !open || !found.mailed;
  at("decision").hidden = !open && !at("why").value;
  at("signin").hidden = true;
  at("queue").hidden = at("decided").hidden = true;
  at("change").hidden = false;
  document.title = `${found.name} · Ændring · Change`;
  at("name").focus();
}

async function open(id) {
  const mine = ++turn;
  const { found, wrong } = await ask(`reviews/${id}`);
  const pages = await Promise.all((found?.languages ?? []).map((language) => ask(`reviews/${id}/preview?language=${language}`)));
  if (mine !== turn) return false;
  const refused = wrong ?? pages.find((page) => page.wrong)?.wrong;
  tell(refused);
  if (!refused) show(found, pages.map((page) => page.found));
  return !refused;
}

async function decide(action, body) {
  const seen = review;
  at("approve").disabled = at("send_back").disabled = true;
  const { found, wrong, status } = await ask(`changes/${seen.id}/${action}`, { method: "POST", body, version: seen.version });
  at("approve").disabled = at("send_back").disabled = false;
  if (found) {
    reasons.delete(seen.id);
    remember(found, seen);
    note = action === "approve" ? [`Godkendt: ${seen.name}`, "Approved"] : [`Sendt tilbage: ${seen.name}`, "Sent back"];
    location.hash = "";
  } else if (![404, 409, 412].includes(status)) tell(wrong);
  else if (await open(seen.id)) {
    if (review.version === seen.version) tell(wrong);
    else if (review.state === "submitted") tell("Foreningen har rettet den, mens du læste. Her er den nyeste; intet er besluttet.", "The association has changed it while you were reading. Here is the newest; nothing is decided.");
    else if (at("why").value) tell("Nogen kom dig i forkøbet. Det, du har skrevet, står her endnu.", "Somebody was before you. What you have written is still here.");
    else tell("Nogen kom dig i forkøbet.", "Somebody was before you.");
  }
}

// What was decided on this visit. An approval can be taken back: exactly the fields that it changed.
function remember(change, seen) {
  const line = element("li");
  line.tabIndex = -1;
  if (change.state === "returned") line.append(...both(`Sendt tilbage: ${seen.name}`, "Sent back"), element("p", `“${change.reason}”`));
  else {
    line.append(...both(`Godkendt: ${seen.name}`, "Approved"));
    if (change.preview.state === "published") {
      const link = element("a", ...both("Se den hos borgerne, i en ny fane", "See it as citizens do, in a new tab"));
      link.href = `find/${change.entry_id}`;
      link.target = "_blank";
      line.append(element("p", link));
    }
    if (change.changed.length) line.append(element("p", button(both("Fortryd", "Undo"), (event) => undo(change, seen, line, event.currentTarget))));
  }
  at("decisions").prepend(line);
}

async function undo(change, seen, line, pressed) {
  pressed.disabled = true;
  const path = `${kinds[change.kind].noun}/${change.entry_id}`;
  const version = change.preview.version;
  const before = seen.first ? { publish_on: null } : Object.fromEntries(change.changed.map((each) => [each.field, each.before]));
  const { wrong, status } = seen.first && change.preview.state === "published"
    ? await ask(`${path}/withdraw`, { method: "POST", version })
    : await ask(path, { method: "PATCH", body: before, version });
  pressed.disabled = false;
  if (status === 412) tell("Den er ændret igen siden og kan ikke fortrydes herfra.", "It has been changed again since and cannot be undone from here.");
  else if (wrong) tell(wrong);
  else {
    line.replaceChildren(...(seen.first ? both(`Fortrudt: ${seen.name} vises ikke.`, "Undone: it is not shown.") : both(`Fortrudt: ${seen.name} siger igen, hvad der stod før.`, "Undone: it says again what it said before.")));
    line.focus();
    tell("Fortrudt.", "Undone.");
  }
}

function route() {
  if (!signedIn()) return tell("Log ind for at se, hvad der venter.", "Sign in to see what waits.");
  const id = location.hash.slice(1);
  return id ? open(encodeURIComponent(id)) : list();
}

signingIn(() => !at("change").hidden, route);
at("more").addEventListener("click", () => list(true));
at("again").addEventListener("click", () => list());
at("wanted").addEventListener("change", async () => {
  const { found, wrong } = await ask("review", { method: "PUT", body: { wanted: at("wanted").checked } });
  if (wrong) at("wanted").checked = !at("wanted").checked;
  if (wrong) tell(wrong);
  else tell(...(found.wanted ? ["Gemt. I ser ændringer først.", "Saved. You see changes first."] : ["Gemt. Ændringer vises straks.", "Saved. Changes are shown at once."]));
});
at("why").addEventListener("input", () => reasons.set(review.id, at("why").value));
at("approve").addEventListener("click", () => decide("approve"));
at("decision").addEventListener("submit", (event) => {
  event.preventDefault();
  at("why").value = at("why").value.trim();
  if (at("decision").reportValidity()) decide("return", { reason: at("why").value });
});
addEventListener("hashchange", route);
addEventListener("beforeunload", (event) => {
  if ([...reasons.values()].some((reason) => reason.trim())) event.preventDefault();
});
route();
