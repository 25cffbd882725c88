// Opening the page does nothing; a tap marks this browser by the token after `#`, or unmarks it.
const at = (name) => document.getElementById(name);
const tell = (text) => {
  at("message").textContent = text;
  at("message").focus();
};

async function post(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    if (answer.status === 404 || answer.status === 422) return tell("Linket virker ikke. / The link does not work.");
    if (!answer.ok) return tell("Prøv igen om lidt. / Try again in a moment.");
    if (!body) return tell("Glemt. / Forgotten.");
    const { unit } = await answer.json();
    tell(unit ? `Husket: ${unit}. / Remembered: ${unit}.` : "Husket: dine besøg tælles ikke. / Remembered: your visits are not counted.");
  } catch {
    tell("Der er ingen forbindelse. / There is no connection.");
  }
}

at("mark").addEventListener("click", () => post("visit-links/mark", { link: location.hash.slice(1) }));
at("unmark").addEventListener("click", () => post("visit-links/unmark"));
