// Sends the file, shows what it would do, lets columns and doubtful lines be decided, and watches the adoption.
import { ask, at, element, signingIn, tell } from "./staff.js";

const names = {
  added: "tilføjes · added", changed: "ændres · changed", unchanged: "uændret · unchanged",
  possible: "måske den samme · possibly the same", wrong: "forkert · wrong", skipped: "springes over · skipped",
};
const wishes = { "": "–", same: "den samme · the same", add: "en ny · a new one", skip: "spring over · leave out" };
let made = null;
let cursor = null;

function cell(row, content) {
  row.append(element("td", content));
}

function choice(options, chosen, label, changed) {
  const select = element("select");
  select.setAttribute("aria-label", label);
  for (const [value, name] of options) select.add(new Option(name, value, false, value === chosen));
  select.addEventListener("change", () => guarded(() => changed(select.value)));
  return select;
}

async function need(path, asked) {
  const { found, wrong } = await ask(path, asked);
  if (wrong) throw new Error(wrong);
  return found;
}

async function guarded(work) {
  try {
    tell();
    await work();
  } catch (error) {
    tell(error.message);
  }
}

function show(answer) {
  made = answer;
  at("preview").hidden = false;
  at("publish").checked = made.publish;
  const fields = [["", "bruges ikke · not used"], ...made.fields.map((each) => [each.field, each.name])];
  at("columns").replaceChildren(...made.columns.map((column, place) => {
    const row = element("tr");
    cell(row, column.heading);
    cell(row, column.examples.filter(Boolean).join(" | "));
    cell(row, choice(fields, column.field ?? "", column.heading, (field) => remap(place, field || null)));
    return row;
  }));
  at("counts").textContent = Object.entries(made.counts).filter(([, count]) => count)
    .map(([outcome, count]) => `${count} ${names[outcome]}`).join(", ");
}

async function remap(place, field) {
  const columns = made.columns.map((each, number) => (number === place ? field : each.field === field ? null : each.field));
  show(await need(`imports/${made.id}`, { method: "PATCH", body: { columns } }));
  await lines();
}

async function lines(after = null) {
  const query = new URLSearchParams({ limit: "100" });
  if (at("outcome").value) query.set("outcome", at("outcome").value);
  if (after) query.set("cursor", after);
  const page = await need(`imports/${made.id}/lines?${query}`);
  const rows = page.items.map((line) => {
    const row = element("tr");
    row.className = line.outcome;
    cell(row, String(line.number));
    cell(row, line.label);
    cell(row, names[line.outcome]);
    const told = line.findings.map((each) => `${each.column ?? each.field}: ${each.message ?? `${said(each.before)} → ${said(each.after)}`}`);
    cell(row, told.join("; "));
    if (line.outcome === "possible" && made.state === "previewed") {
      const link = element("a", `${line.score} %`);
      link.href = `organisations/${line.same_as}`;
      row.lastChild.append(link, " ", choice(Object.entries(wishes), line.decision ?? "", line.label, (decision) =>
        decision && need(`imports/${made.id}/lines/${line.number}`, { method: "PATCH", body: { decision } })));
    }
    return row;
  });
  if (after) at("lines").append(...rows);
  else at("lines").replaceChildren(...rows);
  cursor = page.next_cursor;
  at("more").hidden = !cursor;
}

function said(value) {
  return value === null || value === "" ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value);
}

async function watch() {
  at("running").hidden = false;
  for (;;) {
    made = await need(`imports/${made.id}`);
    at("progress").max = made.lines;
    at("progress").value = made.done;
    at("done").textContent = `${made.done} / ${made.lines}`;
    if (made.state === "adopted") break;
    await new Promise((resume) => setTimeout(resume, 700));
  }
  show(made);
  await lines();
  tell("Færdig.", "Done.");
}

signingIn(() => made !== null, () => {
  at("signin").hidden = true;
  at("choose").hidden = false;
  at("file").focus();
  tell("Intet sker, før du har set, hvad filen gør.", "Nothing happens before you have seen what the file does.");
});
for (const [outcome, name] of Object.entries(names)) at("outcome").add(new Option(name, outcome));
at("choose").addEventListener("submit", (event) => {
  event.preventDefault();
  guarded(async () => {
    const source = new URLSearchParams({ source: at("source").value });
    show(await need(`imports?${source}`, { method: "POST", body: at("file").files[0] }));
    at("adopt").hidden = false;
    at("reports").hidden = false;
    at("running").hidden = true;
    await lines();
  });
});
at("outcome").addEventListener("change", () => guarded(() => lines()));
at("more").addEventListener("click", () => guarded(() => lines(cursor)));
at("publish").addEventListener("change", () => guarded(() => need(`imports/${made.id}`, { method: "PATCH", body: { publish: at("publish").checked } })));
at("adopt").addEventListener("click", () => guarded(async () => {
  await need(`imports/${made.id}/adopt`, { method: "POST", body: { possible: "skip" } });
  at("adopt").hidden = true;
  await watch();
}));
for (const button of document.querySelectorAll("[data-report]")) {
  button.addEventListener("click", () => guarded(async () => {
    const file = await need(`imports/${made.id}/report.${button.dataset.report}`);
    const link = element("a");
    link.href = URL.createObjectURL(file);
    link.download = `import.${button.dataset.report}`;
    link.click();
    URL.revokeObjectURL(link.href);
  }));
}
