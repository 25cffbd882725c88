// What looks alike, two of them side by side, the decision about them, and what was decided earlier.
import { ask, at, both, button, element, kinds, marked, moment, signedIn, signingIn, tell } from "./staff.js";

const names = {
  organisation: ["foreninger", "associations"],
  activity: ["aktiviteter", "activities"],
  premises: ["lokaler", "premises"],
};
// What was decided before, newest first.
const before = {
  earlier: {
    path: "merging/earlier",
    row: mergeRow,
    headline: ["Slået sammen før, det nyeste først", "Merged earlier, the newest first"],
    empty: ["Når I slår to sammen, står det her, og det kan fortrydes.", "When you merge two, it says so here, and can be undone."],
  },
  apart: {
    path: "duplicates/not-the-same",
    row: apartRow,
    headline: ["Ikke det samme, det nyeste først", "Not the same, the newest first"],
    empty: ["Når I siger, at to ikke er den samme, står det her, og det kan fortrydes.", "When you say that two are not the same, it says so here, and can be undone."],
  },
};
const STEP = 20;
const MOST = 200;
const roles = { kept: ["Beholdes", "Is kept"], merged: ["Går ind i den", "Goes into it"] };
const overtaken = ["En anden har fortrudt det i forvejen.", "Somebody has undone it already."];
const differs = { da: "kun her", en: "only here" };
// What somebody has chosen stays with its two until they are decided about, wherever they look meanwhile. A choice is
// of an entry, so that it stands when the other one is kept instead.
const chosen = new Map();
let pair = null;
let view = "organisation";
let limit = STEP;
let cursor = null;
let note = [];
let turn = 0;

const key = (one, two) => [one, two].sort().join();

// What neither of the two says is not asked about.
function lines(entry, beside) {
  const told = entry.lines.filter(({ text }, place) => text || beside.lines[place].text);
  const list = element("dl", ...told.map(({ name, text }) => {
    const said = element("dd", text || "–");
    said.className = "words";
    return element("div", element("dt", ...both(name.da, name.en)), said);
  }));
  list.className = "lines";
  return list;
}

function abreast(...parts) {
  const made = element("div", ...parts);
  made.className = "pair";
  return made;
}

function pairRow({ entries, score, why }) {
  const [one, two] = entries;
  const link = element("a", ...both("Sammenlign dem", "Compare them"));
  link.href = `#${view}/${one.id}/${two.id}`;
  link.setAttribute("aria-label", `Sammenlign dem: ${one.name}, ${two.name}`);
  const columns = abreast(...[[one, two], [two, one]].map(([entry, beside]) => element("div", element("h3", entry.name), lines(entry, beside))));
  return element("li", element("p", ...both(`${why.da} (${score} af 100)`, why.en)), columns, link);
}

async function list(more = false) {
  const mine = ++turn;
  const past = before[view];
  const { found, wrong } = await (past
    ? ask(`${past.path}?limit=${STEP}${more ? `&cursor=${encodeURIComponent(cursor)}` : ""}`)
    : ask(`merging/pairs?kind=${view}&limit=${limit}`));
  if (mine !== turn) return null;
  if (wrong) return tell(wrong);
  const rows = found.items.map(past ? past.row : pairRow);
  const known = more ? at("list").children.length : 0;
  if (more && past) at("list").append(...rows);
  else at("list").replaceChildren(...rows);
  cursor = found.next_cursor ?? null;
  at("more").hidden = past ? !cursor : found.total <= rows.length || limit >= MOST;
  at("count").replaceChildren(...headline(found));
  at("empty").hidden = rows.length > 0 || known > 0;
  at("empty").replaceChildren(...(past
    ? both(...past.empty)
    : both("Vi leder efter navne, der ligner hinanden på samme sted, og efter samme CVR-nummer.", "We look for names that look alike at one place, and for the same CVR number.")));
  present("queue");
  document.title = "Det, der står to gange · What is there twice";
  (more ? at("list").children[known]?.querySelector("a, button") : at("count"))?.focus();
  tell(...note);
  note = [];
  return null;
}

function headline({ total }) {
  if (before[view]) return both(...before[view].headline);
  const [danish, english] = names[view];
  return total ? both(`${total} par ${danish}, der ligner hinanden`, `Pairs of ${english} that look alike: ${total}`)
    : both(`Ingen ${danish} ligner hinanden`, `No ${english} look alike`);
}

function present(section) {
  at("signin").hidden = true;
  at("views").hidden = false;
  for (const link of at("views").children) {
    if (link.hash === `#${view}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  at("queue").hidden = section !== "queue";
  at("pair").hidden = section !== "pair";
  at("decided").hidden = section === "pair" || Boolean(before[view]) || !at("decisions").children.length;
}

function side(which) {
  const beside = pair[which === "kept" ? "merged" : "kept"];
  return element("section", element("p", ...both(...roles[which])), element("h3", pair[which].name), lines(pair[which], beside));
}

function field({ fields, name, kept, merged, taken }) {
  const options = [["kept", kept], ["merged", merged]].map(([which, pieces]) => {
    const { id } = pair[which];
    const radio = Object.assign(element("input"), { type: "radio", name: fields[0], id: `${fields[0]}_${id}`, checked: taken === which });
    radio.addEventListener("change", () => choose(fields, id));
    const whose = element("span", ...both(...roles[which]));
    whose.className = "whose";
    // Where nothing is the same, a mark on everything would say nothing.
    const words = pieces.some(({ changed, text }) => !changed && text.trim()) ? marked(pieces, "mark", differs) : pieces.map(({ text }) => text);
    const said = element("span", whose, ...(words.length ? words : ["–"]));
    said.className = "words";
    return element("label", radio, said);
  });
  return element("fieldset", element("legend", ...both(name.da, name.en)), abreast(...options));
}

function counts(moved) {
  return moved.map(({ name, count }) => element("li", ...both(`${name.da}: ${count}`, name.en)));
}

// Drawn anew after each choice, so that it says what would happen; whoever has the focus keeps it.
function show(found) {
  const focused = document.activeElement.id;
  pair = found;
  at("back").href = `#${view}`;
  at("entries").replaceChildren(side("kept"), side("merged"));
  at("fields").replaceChildren(...found.fields.map(field));
  at("legend").hidden = !found.fields.length;
  at("agree").hidden = found.fields.length > 0;
  at("moved").replaceChildren(...counts(found.moved));
  at("nothing").hidden = found.moved.length > 0;
  at("refused").textContent = found.refused ?? "";
  at("refused").hidden = !found.refused;
  at("merge").hidden = at("moving").hidden = Boolean(found.refused);
  present("pair");
  document.title = `${found.kept.name} · ${found.merged.name}`;
  at(focused)?.focus();
}

function wanted(kept, merged) {
  const fields = Object.entries(chosen.get(key(kept, merged)) ?? {});
  return { kind: view, kept_id: kept, merged_id: merged, fields: Object.fromEntries(fields.map(([name, id]) => [name, id === kept ? "kept" : "merged"])) };
}

async function compare(kept, merged) {
  const mine = ++turn;
  const { found, wrong, status } = await ask("merging/comparison", { method: "POST", body: wanted(kept, merged) });
  if (mine !== turn) return null;
  if (found) show(found);
  else tell(wrong);
  return { found, wrong, status };
}

async function open(kept, merged) {
  const { found, wrong, status } = (await compare(kept, merged)) ?? {};
  const told = note;
  note = [];
  if (found) {
    tell(...told);
    at("question").focus();
  } else if ([409, 422].includes(status)) {
    // What somebody has merged or closed meanwhile is nothing to decide about any more.
    note = [wrong];
    location.hash = `#${view}`;
  }
}

async function choose(fields, id) {
  const mine = key(pair.kept.id, pair.merged.id);
  chosen.set(mine, { ...chosen.get(mine), ...Object.fromEntries(fields.map((name) => [name, id])) });
  const seen = pair;
  const { found } = (await compare(pair.kept.id, pair.merged.id)) ?? {};
  if (found && changed(found, seen)) tell("En af dem er ændret, mens du læste. Her er det nyeste.", "One of them has changed while you were reading. Here is the newest.");
  else if (found) tell(...(found.refused ? [found.refused] : []));
}

const changed = (found, seen) => ["kept", "merged"].some((which) => ![seen.kept, seen.merged].some(({ id, version }) => id === found[which].id && version === found[which].version));

async function swap({ kept, merged }) {
  const { found } = (await compare(merged.id, kept.id)) ?? {};
  if (!found) return;
  history.replaceState(null, "", `#${view}/${found.kept.id}/${found.merged.id}`);
  if (found.refused) tell(found.refused);
  else tell(`Beholdes: ${found.kept.name}`, "Is kept");
}

// Once at a time; whoever pressed a button stands there still, unless they were led elsewhere.
async function decide({ currentTarget: pressed }, act) {
  const buttons = [at("merge"), at("apart"), at("swap")];
  for (const each of buttons) each.disabled = true;
  await act(pair);
  for (const each of buttons) each.disabled = false;
  if (document.activeElement === document.body) pressed.focus();
}

async function merge(seen) {
  const body = { ...wanted(seen.kept.id, seen.merged.id), versions: { kept: seen.kept.version, merged: seen.merged.version } };
  const { found, wrong, status } = await ask("merges", { method: "POST", body });
  if (found) {
    const row = mergeRow({ ...found, kept: seen.kept.name, merged: seen.merged.name, moved: seen.moved, left: [] });
    done(row, [`Slået sammen: ${seen.merged.name} gik ind i ${seen.kept.name}`, "Merged"]);
  } else if ([409, 412, 422].includes(status)) {
    note = status === 412 ? ["En af dem er ændret, mens du læste. Her er det nyeste; intet er slået sammen.", "One of them has changed while you were reading. Here is the newest; nothing is merged."] : [wrong];
    await open(seen.kept.id, seen.merged.id);
  } else tell(wrong);
}

async function apart({ kind, kept, merged }) {
  const noun = { organisation: "organisation_ids", activity: "activity_ids", premises: "premises_ids" }[kind];
  const { wrong } = await ask("duplicates/not-the-same", { method: "POST", body: { [noun]: [kept.id, merged.id] } });
  if (wrong) return tell(wrong);
  return done(apartRow({ kind, entries: [kept, merged] }), [`Ikke den samme: ${kept.name} og ${merged.name}`, "Not the same"]);
}

function apartRow({ kind, entries: [one, other], said_at: since }) {
  const said = `${one.name} og ${other.name}`;
  const row = element("li", ...both(`Ikke den samme: ${said}`, "Not the same"));
  if (since) row.append(element("p", ...both(...["da", "en"].map((language) => `${kinds[kind][language]} · ${moment(since, language)}`))));
  row.append(undoing(said, (pressed) => takeBack(one, other, row, pressed)));
  return row;
}

async function takeBack(one, other, row, pressed) {
  const { wrong, status } = await ask(`duplicates/not-the-same/${one.id}/${other.id}`, { method: "DELETE" });
  if (wrong && status !== 404) return refuse(wrong, pressed);
  const instead = element("li", ...both(`Fortrudt: ${one.name} og ${other.name} foreslås igen, hvis de ligner hinanden.`, "Undone: they are proposed again if they look alike."));
  return undone(row, instead, wrong ? overtaken : ["Fortrudt.", "Undone."]);
}

// What was decided on this visit stands above the list, each with its own undo.
function done(row, told) {
  chosen.delete(key(pair.kept.id, pair.merged.id));
  at("decisions").prepend(row);
  note = told;
  location.hash = `#${view}`;
}

function mergeRow(each) {
  const row = element("li", ...both(`“${each.merged}” gik ind i “${each.kept}”`, "went into"));
  const about = (language, words) => [kinds[each.kind][language], moment(each.merged_at, language), ...(each.undone_at ? [`${words} ${moment(each.undone_at, language)}`] : [])].join(" · ");
  row.append(element("p", ...both(about("da", "fortrudt"), about("en", "undone"))));
  if (each.moved.length && !each.undone_at) row.append(element("p", ...both("Det flyttede med:", "What moved along:")), element("ul", ...counts(each.moved)));
  if (each.left.length) row.append(element("p", ...both("Det kom ikke tilbage:", "What did not come back:")), element("ul", ...each.left.map(({ da, en }) => element("li", ...both(da, en)))));
  if (!each.undone_at) row.append(undoing(`${each.merged}, ${each.kept}`, (pressed) => undo(each, row, pressed)));
  return row;
}

// There may be many of them on a page, so each says of which two it is.
function undoing(whom, act) {
  const pressed = button(both("Fortryd", "Undo"), async () => {
    pressed.disabled = true;
    await act(pressed);
  });
  pressed.setAttribute("aria-label", `Fortryd Undo: ${whom}`);
  return element("p", pressed);
}

function refuse(wrong, pressed) {
  pressed.disabled = false;
  pressed.focus();
  tell(wrong);
}

async function undo(each, row, pressed) {
  const { wrong } = await ask(`merges/${each.id}/undo`, { method: "POST", version: each.version });
  // What undoing did not bring back is told in words; so is a colleague who undid it first.
  const { found: now } = await ask(`merging/earlier/${each.id}`);
  if (wrong && !now?.undone_at) return refuse(wrong, pressed);
  const told = wrong ? overtaken : ["Fortrudt. De står hver for sig igen.", "Undone. Each stands for itself again."];
  return undone(row, now ? mergeRow(now) : element("li", ...both(...told)), told);
}

async function undone(row, instead, told) {
  instead.tabIndex = -1;
  row.replaceWith(instead);
  if (!before[view] && !at("queue").hidden) {
    note = told;
    await list();
  } else tell(...told);
  instead.focus();
}

function route() {
  const [wish, kept, merged] = location.hash.slice(1).split("/").map(encodeURIComponent);
  if (!signedIn()) return tell("Log ind for at se, hvad der står to gange.", "Sign in to see what is there twice.");
  if (wish !== view) limit = STEP;
  view = wish in names || wish in before ? wish : "organisation";
  return merged && !before[view] ? open(kept, merged) : list();
}

signingIn(() => !at("pair").hidden, route);
at("more").addEventListener("click", () => {
  limit += STEP;
  return list(true);
});
at("again").addEventListener("click", () => list());
for (const [id, act] of Object.entries({ swap, merge, apart })) at(id).addEventListener("click", (event) => decide(event, act));
addEventListener("hashchange", route);
route();
