// What the pages for staff share: signing in, asking the API, telling in both languages. The token stays in memory.
export const readers = { da: "da-DK", en: "en-GB" };
// In which language the API tells values to this browser.
const reader = navigator.language.startsWith("en") ? "en" : "da";
let token = null;

export const kinds = {
  activity: { da: "Aktivitet", en: "Activity", noun: "activities" },
  organisation: { da: "Forening", en: "Association", noun: "organisations" },
  premises: { da: "Lokale", en: "Premises", noun: "premises" },
};

export const at = (id) => document.getElementById(id);

export function element(tag, ...inside) {
  const made = document.createElement(tag);
  made.append(...inside);
  return made;
}

export function button(words, act) {
  const made = element("button", ...words);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

export function both(danish, english = "") {
  const beside = element("small", english);
  beside.lang = "en";
  return english ? [`${danish} `, beside] : [danish];
}

export function tell(danish = "", english = "") {
  at("message").replaceChildren(...(danish ? both(danish, english) : []));
}

export function moment(when, language) {
  return new Intl.DateTimeFormat(readers[language], { dateStyle: "long", timeStyle: "short", timeZone: "Europe/Copenhagen" }).format(new Date(when));
}

// Not by colour alone, and not by sight alone: around words that differ, a screen reader says how.
export function marked(pieces, tag, said) {
  return pieces.map(({ text, changed }) => {
    if (!changed || !text.trim()) return text;
    const [begins, ends] = [`[${said[reader]}: `, "] "].map((words) => Object.assign(element("span", words), { className: "unseen", lang: reader }));
    return element(tag, begins, text, ends);
  });
}

function read(answer) {
  const type = answer.headers.get("Content-Type") ?? "";
  if (answer.status === 204) return {};
  if (type.includes("json")) return answer.json();
  return type.startsWith("text/html") ? answer.text() : answer.blob();
}

export async function ask(path, { method = "GET", body, version } = {}) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body && !(body instanceof File)) headers["Content-Type"] = "application/json";
  if (version) headers["If-Match"] = `"${version}"`;
  try {
    const answer = await fetch(path, { method, headers, body: body && !(body instanceof File) ? JSON.stringify(body) : body });
    const told = await read(answer);
    if (answer.ok) return { found: told };
    if (answer.status === 401) {
      at("signin").hidden = false;
      at("token").focus();
    }
    const fields = (told.errors ?? []).map(({ field, message }) => `${field} ${message}`).join("; ");
    // What stands between may refuse without saying why.
    return { wrong: [told.title, told.detail, fields].filter(Boolean).join(". ") || `HTTP ${answer.status}`, status: answer.status };
  } catch {
    return { wrong: "Der er ingen forbindelse. Prøv igen. · No connection. Try again." };
  }
}

export const signedIn = () => token !== null;

// Whoever was reading when their token ran out reads on, with what they had chosen or written.
export function signingIn(reading, begin) {
  at("signin").addEventListener("submit", (event) => {
    event.preventDefault();
    token = at("token").value.trim();
    at("token").value = "";
    if (!reading()) return begin();
    at("signin").hidden = true;
    return tell("Logget ind. Prøv igen.", "Signed in. Try again.");
  });
}
