// Reads the letter's id and token, and perhaps `stop`, from the fragment. Opening the page chooses nothing: mail scanners
// open links, too. Whoever tapped "no more" in the mail finds one big button here, and a person taps it.
const TEXTS = {
  da: {
    title: "Ansøgningsfrister",
    loading: "Henter …",
    wanted: "I får en mail, når en frist nærmer sig, som regel højst én om ugen.",
    unwanted: "I får ikke flere mails om frister.",
    stop: "Nej tak til flere mails om frister", again: "Send os mails om frister igen",
    calendar: "Få fristerne i din egen kalender",
    none: "Der er ingen kommende frister lige nu.",
    wrong: "Linket virker ikke. Brug linket i den nyeste mail.",
    later: "Det lykkedes ikke. Prøv igen om lidt.",
    offline: "Der er ingen forbindelse. Prøv igen.",
    other: "English",
  },
  en: {
    title: "Deadlines of funders",
    loading: "Loading …",
    wanted: "You get a mail when a deadline comes near, as a rule at most one a week.",
    unwanted: "You get no more mails about deadlines.",
    stop: "No more mails about deadlines", again: "Mail us about deadlines again",
    calendar: "Have the deadlines in your own calendar",
    none: "There are no coming deadlines at present.",
    wrong: "The link does not work. Use the one in the newest mail.",
    later: "That did not work. Try again in a moment.",
    offline: "There is no connection. Try again.",
    other: "Dansk",
  },
};
const READS_DANISH = /^(da|no|nb|nn|sv|fo|kl)\b/;
const [id, token, tapped] = location.hash.slice(1).split(".");
const FEED = new URL("funding-deadlines/calendar.ics", location.href);
const at = (name) => document.getElementById(name);
let language = READS_DANISH.test(navigator.language) ? "da" : "en";
let letter = null; // As the API last answered it.
let said = "loading";
const texts = () => TEXTS[language];

async function ask(body) {
  const answer = await fetch(`funding-letters/${encodeURIComponent(id)}`, {
    method: body ? "PUT" : "GET",
    headers: { "X-Letter-Token": token, "Content-Type": "application/json", "Accept-Language": language },
    body: body && JSON.stringify(body),
  });
  if (answer.ok) letter = await answer.json();
  return answer.status;
}

async function doing(work) {
  at("choose").disabled = true;
  try {
    const status = await work();
    if (status === 404 || status === 401) said = "wrong";
    else if (status >= 400) said = "later";
    else said = letter.wanted ? "wanted" : "unwanted";
  } catch {
    said = "offline";
  }
  show();
  at("message").focus();
}

function made(kind, text) {
  const element = document.createElement(kind);
  element.textContent = text;
  return element;
}

function shown(deadline) {
  const section = document.createElement("section");
  const form = new Intl.DateTimeFormat(language === "da" ? "da-DK" : "en-GB", { dateStyle: "full", timeZone: "UTC" });
  section.append(made("h2", deadline.title), made("p", form.format(new Date(deadline.due_on))), made("p", deadline.funder));
  if (deadline.note) section.append(made("p", deadline.note));
  if (deadline.website) {
    const link = Object.assign(made("a", deadline.website), { href: deadline.website, rel: "noreferrer" });
    const line = document.createElement("p");
    line.append(link);
    section.append(line);
  }
  return section;
}

function show() {
  document.documentElement.lang = language;
  document.title = texts().title;
  at("title").textContent = texts().title;
  at("language").textContent = texts().other;
  at("language").lang = language === "da" ? "en" : "da";
  at("message").textContent = texts()[said];
  at("calendar").textContent = texts().calendar;
  at("address").textContent = FEED.href;
  at("calendar").hidden = at("address").hidden = at("choose").hidden = !letter;
  at("choose").textContent = letter?.wanted ? texts().stop : texts().again;
  at("choose").className = tapped === "stop" && letter?.wanted ? "big" : "";
  at("choose").disabled = false;
  const all = letter?.deadlines ?? [];
  at("deadlines").replaceChildren(...(letter && !all.length ? [made("p", texts().none)] : all.map(shown)));
}

at("calendar").href = FEED.href.replace(/^https?/, "webcal"); // Subscribes; the address itself would be read once.
at("language").addEventListener("click", () => {
  language = language === "da" ? "en" : "da";
  show();
});
at("choose").addEventListener("click", () => doing(() => ask({ wanted: !letter.wanted })));
doing(async () => {
  const status = id && token ? await ask() : 404;
  if (letter) language = READS_DANISH.test(letter.language) ? "da" : "en";
  return status;
});
