// Sends the file, shows what it would do, lets columns and doubtful lines be decided, and watches the adoption.
const at = (id) => document.getElementById(id);
const names = {
  added: "tilføjes · added", changed: "ændres · changed", unchanged: "uændret · unchanged",
  possible: "måske den samme · possibly the same", wrong: "forkert · wrong", skipped: "springes over · skipped",
};
const wishes = { "": "–", same: "den samme · the same", add: "en ny · a new one", skip: "spring over · leave out" };
let made = null;
let cursor = null;

function cell(row, content) {
  const made = document.createElement("td");
  made.append(content);
  row.append(made);
}

function choice(options, chosen, label, changed) {
  const select = document.createElement("select");
  select.setAttribute("aria-label", label);
  for (const [value, name] of options) select.add(new Option(name, value, false, value === chosen));
  select.addEventListener("change", () => guarded(() => changed(select.value)));
  return select;
}

async function ask(method, path, body) {
  const headers = { authorization: `Bearer ${at("token").value.trim()}` };
  if (body && !(body instanceof File)) headers["content-type"] = "application/json";
  const sent = body instanceof File || !body ? body : JSON.stringify(body);
  const answer = await fetch(path, { method, headers, body: sent });
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({ title: `HTTP ${answer.status}`, errors: [] }));
  const fields = (problem.errors ?? []).map((each) => `${each.field}: ${each.message}`);
  throw new Error([problem.title, problem.detail, ...fields].filter(Boolean).join(" · "));
}

async function guarded(work) {
  try {
    at("message").textContent = "";
    await work();
  } catch (error) {
    at("message").textContent = error.message;
  }
}

function show(answer) {
  made = answer;
  at("preview").hidden = false;
  at("publish").checked = made.publish;
  const fields = [["", "bruges ikke · not used"], ...made.fields.map((each) => [each.field, each.name])];
  at("columns").replaceChildren(...made.columns.map((column, place) => {
    const row = document.createElement("tr");
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
  show(await (await ask("PATCH", `imports/${made.id}`, { columns })).json());
  await lines();
}

async function lines(after = null) {
  const query = new URLSearchParams({ limit: "100" });
  if (at("outcome").value) query.set("outcome", at("outcome").value);
  if (after) query.set("cursor", after);
  const page = await (await ask("GET", `imports/${made.id}/lines?${query}`)).json();
  const rows = page.items.map((line) => {
    const row = document.createElement("tr");
    row.className = line.outcome;
    cell(row, String(line.number));
    cell(row, line.label);
    cell(row, names[line.outcome]);
    const told = line.findings.map((each) => `${each.column ?? each.field}: ${each.message ?? `${said(each.before)} → ${said(each.after)}`}`);
    cell(row, told.join("; "));
    if (line.outcome === "possible" && made.state === "previewed") {
      const link = document.createElement("a");
      link.href = `organisations/${line.same_as}`;
      link.textContent = `${line.score} %`;
      row.lastChild.append(link, " ", choice(Object.entries(wishes), line.decision ?? "", line.label, (decision) =>
        decision && ask("PATCH", `imports/${made.id}/lines/${line.number}`, { decision })));
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
    made = await (await ask("GET", `imports/${made.id}`)).json();
    at("progress").max = made.lines;
    at("progress").value = made.done;
    at("done").textContent = `${made.done} / ${made.lines}`;
    if (made.state === "adopted") break;
    await new Promise((resume) => setTimeout(resume, 700));
  }
  show(made);
  await lines();
  at("message").textContent = "Færdig. Done.";
}

for (const [outcome, name] of Object.entries(names)) at("outcome").add(new Option(name, outcome));
at("choose").addEventListener("submit", (event) => {
  event.preventDefault();
  guarded(async () => {
    const source = new URLSearchParams({ source: at("source").value });
    show(await (await ask("POST", `imports?${source}`, at("file").files[0])).json());
    at("adopt").hidden = false;
    at("reports").hidden = false;
    at("running").hidden = true;
    await lines();
  });
});
at("outcome").addEventListener("change", () => guarded(() => lines()));
at("more").addEventListener("click", () => guarded(() => lines(cursor)));
at("publish").addEventListener("change", () => guarded(() => ask("PATCH", `imports/${made.id}`, { publish: at("publish").checked })));
at("adopt").addEventListener("click", () => guarded(async () => {
  await ask("POST", `imports/${made.id}/adopt`, { possible: "skip" });
  at("adopt").hidden = true;
  await watch();
}));
for (const button of document.querySelectorAll("[data-report]")) {
  button.addEventListener("click", () => guarded(async () => {
    const file = await (await ask("GET", `imports/${made.id}/report.${button.dataset.report}`)).blob();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `import.${button.dataset.report}`;
    link.click();
    URL.revokeObjectURL(link.href);
  }));
}
