// Reads the invitation's id and token from the fragment, shows the questions with what was answered, and sends answers.
const TEXTS = {
  da: {
    loading: "Henter …",
    who: (name) => `I svarer for ${name}.`,
    fresh: "Svar på det, I kan. Et spørgsmål, I lader stå, tæller ikke med.",
    answered: (day) => `I svarede den ${day}. Jeres svar står herunder, og I kan rette det.`,
    thanks: "Tak for jeres svar! Det er gemt.",
    until: (day) => `I kan svare og rette jeres svar til og med ${day}.`,
    untilClosed: "I kan rette jeres svar, indtil spørgeskemaet lukkes.",
    closed: "Spørgeskemaet er lukket.",
    closedAnswered: "Spørgeskemaet er lukket. Det her er jeres svar.",
    send: "Send svar",
    correct: "Send det rettede svar",
    sending: "Sender …",
    yes: "Ja", no: "Nej", none: "Intet svar",
    mistakes: "Jeres svar er ikke sendt. Ret det her:",
    empty: "Svar på mindst ét spørgsmål.",
    number: "skal være et tal",
    mistake: (why) => `Svaret ${why}.`,
    wrong: "Linket virker ikke. Brug linket i jeres nyeste mail.",
    later: "Det lykkedes ikke. Det, I har skrevet, står her stadig: prøv igen om lidt.",
    offline: "Der er ingen forbindelse. Det, I har skrevet, står her stadig: prøv igen.",
    other: "English",
  },
  en: {
    loading: "Loading …",
    who: (name) => `You answer for ${name}.`,
    fresh: "Answer what you can. A question that you leave out does not count.",
    answered: (day) => `You answered on ${day}. Your answer stands below, and you can correct it.`,
    thanks: "Thank you for your answer! It has been saved.",
    until: (day) => `You can answer, and correct your answer, up to and including ${day}.`,
    untilClosed: "You can correct your answer until the survey is closed.",
    closed: "The survey is closed.",
    closedAnswered: "The survey is closed. This is your answer.",
    send: "Send the answer",
    correct: "Send the corrected answer",
    sending: "Sending …",
    yes: "Yes", no: "No", none: "No answer",
    mistakes: "Your answer has not been sent. Please correct this:",
    empty: "Answer at least one question.",
    number: "must be a number",
    mistake: (why) => `The answer ${why}.`,
    wrong: "The link does not work. Use the one in your newest mail.",
    later: "That did not work. What you have written is still here: try again in a moment.",
    offline: "There is no connection. What you have written is still here: try again.",
    other: "Dansk",
  },
};
const READS_DANISH = /^(da|no|nb|nn|sv|fo|kl)\b/;
const [id, token] = location.hash.slice(1).split(".");
const at = (name) => document.getElementById(name);
let language = READS_DANISH.test(navigator.language) ? "da" : "en";
let survey = null; // As the API last answered it.
let said = "loading";
let mistakes = {};

const texts = () => TEXTS[language];
const day = (written) =>
  new Intl.DateTimeFormat(language === "da" ? "da-DK" : "en-GB", { dateStyle: "long", timeZone: "UTC" }).format(new Date(written));

function made(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function tell(what, focus = false) {
  said = what;
  const text = texts()[what];
  at("message").textContent = typeof text === "function" ? text(day(survey.answered_on)) : text;
  if (focus) at("message").focus();
}

function show(given) {
  document.documentElement.lang = language;
  document.title = survey ? survey.title : document.title;
  at("language").textContent = texts().other;
  at("language").lang = language === "da" ? "en" : "da";
  tell(said);
  if (!survey) return;
  at("title").textContent = survey.title;
  at("who").textContent = survey.name ? texts().who(survey.name) : "";
  at("until").textContent = survey.closes_on ? texts().until(day(survey.closes_on)) : texts().untilClosed;
  at("until").hidden = at("send").hidden = !survey.open;
  at("send").textContent = survey.answers ? texts().correct : texts().send;
  at("questions").disabled = !survey.open;
  at("questions").replaceChildren(...survey.questions.map((question) => asked(question, given[question.key])));
  at("form").hidden = !survey.open && !survey.answers;
  summarize();
}

function asked(question, answer) {
  const name = `q-${question.key}`;
  const wrong = mistakes[question.key];
  const why = wrong ? [made("p", { className: "mistake", id: `${name}-mistake`, textContent: texts().mistake(wrong) })] : [];
  const mark = (field) => {
    if (wrong) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `${name}-mistake`);
    }
    return field;
  };
  if (question.kind === "number" || question.kind === "text") {
    const field = question.kind === "number"
      ? made("input", { type: "number", min: "0", step: "any", inputMode: "decimal", autocomplete: "off" })
      : made("textarea", { rows: 4, maxLength: 2000 });
    Object.assign(field, { id: name, name, value: answer ?? "" });
    return made("div", { className: "question" }, made("label", { htmlFor: name, textContent: question.text }), ...why, mark(field));
  }
  const choices = question.kind === "yes_no"
    ? [[true, texts().yes], [false, texts().no]]
    : question.choices.map((choice) => [choice, choice]);
  const options = [...choices, [undefined, texts().none]].map(([value, text], place) => {
    const field = made("input", { type: "radio", name, id: `${name}-${place}`, value: String(place), checked: answer === value });
    return made("label", { className: "choice" }, field, made("span", { textContent: text }));
  });
  return mark(made("fieldset", { className: "question", id: name }, made("legend", { textContent: question.text }), ...why, ...options));
}

function summarize() {
  const wrong = survey.questions.filter((question) => mistakes[question.key]);
  const lines = wrong.map((question) => {
    const link = made("button", { type: "button", textContent: `${question.text} ${texts().mistake(mistakes[question.key])}` });
    link.addEventListener("click", () => (at(`q-${question.key}`).matches("fieldset") ? at(`q-${question.key}-0`) : at(`q-${question.key}`)).focus());
    return link;
  });
  if (mistakes[""]) lines.push(made("p", { textContent: texts().empty }));
  at("mistakes").hidden = !lines.length;
  at("mistakes").replaceChildren(...(lines.length ? [made("strong", { textContent: texts().mistakes }), ...lines] : []));
}

// What stands in the fields, and which of them hold no number although something is written there.
function written() {
  const answers = {};
  const unreadable = {};
  for (const question of survey.questions) {
    const field = at(`q-${question.key}`);
    if (question.kind === "number") {
      if (field.validity.badInput) unreadable[question.key] = texts().number;
      else if (field.value !== "") answers[question.key] = Number(field.value);
    } else if (question.kind === "text") {
      if (field.value.trim()) answers[question.key] = field.value.trim();
    } else {
      const chosen = Number(field.querySelector("input:checked").value);
      const values = question.kind === "yes_no" ? [true, false] : question.choices;
      if (chosen < values.length) answers[question.key] = values[chosen];
    }
  }
  return { answers, unreadable };
}

async function ask(path, options = {}) {
  const headers = { "X-Survey-Token": token, "Accept-Language": language, ...options.headers };
  return fetch(`invitations/${encodeURIComponent(id)}${path}`, { ...options, headers });
}

async function load() {
  try {
    const answer = await ask("");
    if (!answer.ok) return tell(answer.status >= 500 ? "later" : "wrong", true);
    const first = survey === null;
    survey = await answer.json();
    if (first) language = READS_DANISH.test(survey.language) ? "da" : "en";
    said = survey.open ? (survey.answers ? "answered" : "fresh") : survey.answers ? "closedAnswered" : "closed";
    mistakes = {};
    show(survey.answers ?? {});
  } catch {
    tell("offline", true);
  }
}

async function send() {
  const { answers, unreadable } = written();
  if (Object.keys(unreadable).length) return refuse(unreadable, answers);
  at("send").disabled = true;
  tell("sending");
  try {
    const body = JSON.stringify({ answers });
    const answer = await ask("/answer", { method: "PUT", body, headers: { "Content-Type": "application/json" } });
    if (answer.ok) {
      survey = await answer.json();
      mistakes = {};
      show(survey.answers);
      tell("thanks", true);
      scrollTo(0, 0);
    } else if (answer.status === 422) {
      const { errors } = await answer.json();
      refuse(Object.fromEntries(errors.map(({ field, message }) => [field.replace(/^answers\.?/, ""), message])), answers);
    } else if (answer.status === 409) await load(); // Closed in the meantime: show how it is.
    else tell(answer.status >= 500 ? "later" : "wrong", true);
  } catch {
    tell("offline", true);
  } finally {
    at("send").disabled = false;
  }
}

function refuse(found, answers) {
  mistakes = found;
  said = survey.answers ? "answered" : "fresh";
  show(answers);
  at("mistakes").focus();
}

at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
at("language").addEventListener("click", () => {
  language = language === "da" ? "en" : "da";
  mistakes = {}; // Told in the other language; sending tells them anew.
  show(survey && survey.open ? written().answers : (survey?.answers ?? {}));
});
addEventListener("hashchange", () => location.reload());
if (id && token) load();
else tell("wrong");
