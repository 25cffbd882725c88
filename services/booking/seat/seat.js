// Reads the sign-up's id and token from the fragment, shows the gathering, takes the seat offered, or gives it back.
const [id, token] = location.hash.slice(1).split(".");
const at = (name) => document.getElementById(name);
const time = new Intl.DateTimeFormat("da-DK", { dateStyle: "full", timeStyle: "short", timeZone: "Europe/Copenhagen" });

function tell(danish, english) {
  const beside = document.createElement("span");
  beside.lang = "en";
  beside.textContent = english;
  at("message").replaceChildren(danish + " ", beside);
}

function where({ place, locality, form, stops }) {
  if (stops.length) return stops.map((stop) => `${stop.place} ${time.format(new Date(stop.at))}`).join(", ");
  return [place, locality].filter(Boolean).join(", ") || (form === "digital" ? "Online" : "");
}

function show(signup) {
  const { gathering, state } = signup;
  const [from, to] = [new Date(gathering.starts_at), new Date(gathering.ends_at)];
  at("what").textContent = gathering.title;
  at("when").textContent = time.formatRange(from, to);
  at("where").textContent = where(gathering);
  at("signup").hidden = false;
  const open = gathering.state === "scheduled" && from > new Date();
  at("accept").hidden = state !== "offered" || !open;
  at("cancel").hidden = state === "cancelled" || !open;
  at("evaluation").hidden = gathering.state !== "held" || !gathering.evaluation_url;
  if (gathering.evaluation_url) at("evaluate").href = gathering.evaluation_url;
  if (gathering.state === "cancelled") tell("Det er aflyst.", "It is cancelled.");
  else if (state === "confirmed") tell("Du har en plads.", "You have a seat.");
  else if (state === "offered") {
    const until = time.format(new Date(signup.offer_until));
    tell(`Der er en plads til dig, hvis du siger ja inden ${until}.`, `There is a seat for you if you take it before ${until}.`);
  } else if (state === "waitlisted") tell(`Du er nummer ${signup.position} i køen.`, `You are number ${signup.position} in the queue.`);
  else if (signup.ended_by === "offer_expired") tell("Tilbuddet er udløbet, og pladsen er gået videre.", "The offer is over; the seat has moved on.");
  else tell("Du er meldt fra.", "Your sign-up is cancelled.");
}

async function ask(path, method) {
  try {
    const answer = await fetch(`signups/${encodeURIComponent(id)}${path}`, { method, headers: { "X-Manage-Token": token } });
    if (answer.ok) show(await answer.json());
    else if (answer.status === 409 && method === "POST") await ask("", "GET"); // Something happened meanwhile: show it.
    else if (answer.status >= 500) tell("Prøv igen om lidt.", "Try again in a moment.");
    else tell("Linket virker ikke. Brug linket i din mail.", "The link does not work. Use the one in your mail.");
  } catch {
    tell("Der er ingen forbindelse. Prøv igen.", "No connection. Try again.");
  }
}

at("accept").addEventListener("click", () => ask("/accept", "POST"));
at("cancel").addEventListener("click", () => at("sure").showModal());
at("no").addEventListener("click", () => at("sure").close());
at("yes").addEventListener("click", async () => {
  at("sure").close();
  await ask("/cancel", "POST");
});
addEventListener("hashchange", () => location.reload());
if (id && token) ask("", "GET");
else tell("Linket virker ikke. Brug linket i din mail.", "The link does not work. Use the one in your mail.");
