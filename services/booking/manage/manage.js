// Reads the booking's id and token from the fragment, shows when and where, and cancels after a question.
const [id, token] = location.hash.slice(1).split(".");
const at = (name) => document.getElementById(name);

function tell(danish, english) {
  const beside = document.createElement("span");
  beside.lang = "en";
  beside.textContent = english;
  at("message").replaceChildren(danish + " ", beside);
}

function show(booking) {
  const time = new Intl.DateTimeFormat("da-DK", { dateStyle: "full", timeStyle: "short", timeZone: "Europe/Copenhagen" });
  const [from, to] = [new Date(booking.starts_at), new Date(booking.ends_at)];
  at("when").textContent = time.formatRange(from, to);
  at("where").textContent = [booking.resource.name, booking.resource.locality].filter(Boolean).join(", ");
  at("booking").hidden = false;
  const cancelled = booking.state === "cancelled";
  at("cancel").hidden = cancelled || from <= new Date();
  if (cancelled) tell("Tiden er aflyst.", "The booking is cancelled.");
  else tell("Tiden er din.", "The time is yours.");
}

async function ask(path, method) {
  try {
    const answer = await fetch(`bookings/${encodeURIComponent(id)}${path}`, { method, headers: { "X-Manage-Token": token } });
    if (answer.ok) show(await answer.json());
    else if (answer.status === 409) await ask("", "GET"); // Cancelled or begun in the meantime: show how it is.
    else if (answer.status >= 500) tell("Prøv igen om lidt.", "Try again in a moment.");
    else tell("Linket virker ikke. Brug linket i din mail.", "The link does not work. Use the one in your mail.");
  } catch {
    tell("Der er ingen forbindelse. Prøv igen.", "No connection. Try again.");
  }
}

at("cancel").addEventListener("click", () => at("sure").showModal());
at("no").addEventListener("click", () => at("sure").close());
at("yes").addEventListener("click", async () => {
  at("sure").close();
  await ask("/cancel", "POST");
});
addEventListener("hashchange", () => location.reload());
if (id && token) ask("", "GET");
else tell("Linket virker ikke. Brug linket i din mail.", "The link does not work. Use the one in your mail.");
