// Reads the letter's id and token, and perhaps an answer tapped in the mail, from the fragment. Opening the page answers
// nothing: mail scanners open links, too. An answer tapped in the mail is one big button here, and a person taps it.
const TEXTS = {
  da: {
    title: "Passer det stadig?",
    loading: "Henter …",
    ask: "Se på det, vejviseren viser, og tryk på et svar. Du behøver ikke at logge ind.",
    done: "Tak! Der er ikke mere at svare på.",
    wrong: "Linket virker ikke. Brug linket i den nyeste mail.",
    later: "Det lykkedes ikke. Prøv igen om lidt.",
    offline: "Der er ingen forbindelse. Prøv igen.",
    still_right: "Det passer stadig", changed: "Noget er ændret", closed: "Det findes ikke mere",
    all: (number) => (number > 1 ? `Ja, alle ${number} passer stadig` : "Ja, det passer stadig"),
    what: "Hvad er ændret? (kun for frivilligcentret)", send: "Send", undo: "Fortryd",
    organisation: "Organisation", activity: "Aktivitet", premises: "Lokale",
    hidden: "Vises ikke i søgningen lige nu. Et tryk på »Det passer stadig« bringer det tilbage.",
    answers: {
      still_right: "Tak! Det står nu som bekræftet.",
      closed: "Tak for beskeden. Det vises ikke længere.",
      elsewhere: "Der er ikke mere at svare på her.",
    },
    told: "Tak! Frivilligcentret har fået besked. Er du redaktør, får du nu en mail med et link til at rette det. Når det er rettet, kan du trykke »Det passer stadig«.",
    every: { week: "hver uge", two_weeks: "hver anden uge", month_first: "den første i måneden", month_last: "den sidste i måneden" },
    other: "English",
  },
  en: {
    title: "Is it still right?",
    loading: "Loading …",
    ask: "Look at what the directory shows, and tap an answer. You need not log in.",
    done: "Thank you! There is nothing more to answer.",
    wrong: "The link does not work. Use the one in the newest mail.",
    later: "That did not work. Try again in a moment.",
    offline: "There is no connection. Try again.",
    still_right: "Still right", changed: "Something has changed", closed: "It is no more",
    all: (number) => (number > 1 ? `Yes, all ${number} are still right` : "Yes, it is still right"),
    what: "What has changed? (for the volunteer centre only)", send: "Send", undo: "Undo",
    organisation: "Organisation", activity: "Activity", premises: "Premises",
    hidden: "Not shown in the search at present. A tap on “Still right” brings it back.",
    answers: {
      still_right: "Thank you! It now stands as confirmed.",
      closed: "Thank you for telling us. It is not shown any more.",
      elsewhere: "There is nothing more to answer here.",
    },
    told: "Thank you! The volunteer centre has been told. If you are an editor, you now get a mail with a link to correct it. When it has been corrected, you can tap “Still right”.",
    every: { week: "every week", two_weeks: "every other week", month_first: "first of the month", month_last: "last of the month" },
    other: "Dansk",
  },
};
const READS_DANISH = /^(da|no|nb|nn|sv|fo|kl)\b/;
const [id, token, tapped] = location.hash.slice(1).split(".");
const at = (name) => document.getElementById(name);
let language = READS_DANISH.test(navigator.language) ? "da" : "en";
let letter = null; // As the API last answered it.
let said = "loading";
const texts = () => TEXTS[language];
const open = () => letter.entries.filter((each) => each.answer === null);

async function ask(path, body) {
  const answer = await fetch(`askings/${encodeURIComponent(id)}${path}`, {
    method: body ? "POST" : "GET",
    headers: { "X-Assurance-Token": token, "Content-Type": "application/json", "Accept-Language": language },
    body: body && JSON.stringify(body),
  });
  if (answer.ok) letter = await answer.json();
  return answer.status;
}

async function doing(work) {
  for (const each of document.querySelectorAll("button")) each.disabled = true;
  try {
    const status = await work();
    if (status === 404 || status === 401) said = "wrong";
    else if (status === 409) await ask(""); // Answered in another window, or settled by staff: show how it stands.
    else if (status >= 400) said = "later";
    if (letter && status < 400) said = open().length ? "ask" : "done";
  } catch {
    said = "offline";
  }
  show();
  at("message").focus();
}

const give = (entry, answer, note) => doing(() => ask("/answers", { entry_id: entry.id, answer, note }));
const undo = (entry) => doing(() => ask("/undo", { entry_id: entry.id }));
const giveAll = () =>
  doing(async () => {
    let status = 200;
    for (const each of open()) {
      status = await ask("/answers", { entry_id: each.id, answer: "still_right" });
      if (status >= 400 && status !== 409) break;
    }
    return status;
  });

function made(kind, text, more = {}) {
  const element = Object.assign(document.createElement(kind), more);
  element.textContent = text ?? "";
  return element;
}

function button(text, work) {
  const element = made("button", text, { type: "button" });
  element.addEventListener("click", work);
  return element;
}

function times(schedule) {
  const names = new Intl.DateTimeFormat(language === "da" ? "da-DK" : "en-GB", { weekday: "long", timeZone: "UTC" });
  const day = schedule.date ?? `${names.format(new Date(Date.UTC(2024, 0, 1 + schedule.weekday)))}, ${texts().every[schedule.every] ?? ""}`;
  return `${day} ${schedule.from}–${schedule.to}`;
}

function shown(entry) {
  const section = document.createElement("section");
  section.append(made("p", texts()[entry.kind]), made("h2", entry.title));
  const lines = [entry.description, ...entry.schedules.map(times), entry.place, entry.website];
  section.append(...lines.filter(Boolean).map((line) => made("p", line)));
  if (entry.answer) {
    section.append(made("p", texts().answers[entry.answer], { className: "said" }));
    if (entry.may_undo) section.append(button(texts().undo, () => undo(entry)));
    return section;
  }
  if (entry.freshness === "hidden") section.append(made("p", texts().hidden));
  if (entry.changed_on) section.append(made("p", texts().told, { className: "said" }));
  const answers = made("div", "", { className: "answers" });
  answers.append(
    button(texts().still_right, () => give(entry, "still_right")),
    button(texts().changed, () => tell(entry, section)),
    button(texts().closed, () => give(entry, "closed")),
  );
  section.append(answers);
  if (tapped === "changed" && letter.entries.length === 1 && !entry.changed_on) tell(entry, section);
  return section;
}

function tell(entry, section) {
  if (section.querySelector("textarea")) return;
  const label = made("label", texts().what);
  const note = Object.assign(document.createElement("textarea"), { maxLength: 500 });
  label.append(note);
  section.append(label, button(texts().send, () => give(entry, "changed", note.value.trim() || undefined)));
}

function show() {
  document.documentElement.lang = language;
  document.title = texts().title;
  at("title").textContent = texts().title;
  at("language").textContent = texts().other;
  at("language").lang = language === "da" ? "en" : "da";
  at("message").textContent = texts()[said];
  at("entries").replaceChildren(...(letter ? letter.entries.map(shown) : []));
  const number = letter ? open().length : 0;
  at("all").hidden = !number || !(tapped === "still_right" || number > 1);
  at("all").textContent = texts().all(number);
  at("all").disabled = at("language").disabled = false;
}

at("language").addEventListener("click", () => {
  language = language === "da" ? "en" : "da";
  show();
});
at("all").addEventListener("click", giveAll);
doing(async () => {
  const status = id && token ? await ask("") : 404;
  if (letter) language = READS_DANISH.test(letter.language) ? "da" : "en";
  return status;
});
