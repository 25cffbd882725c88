// Puts what the link in the fragment is about into a calendar of one's own, and shows its secret address.
{
  const parts = location.hash.slice(1).split(".");
  const own = document.getElementById("own");
  const [kind, id, token] = parts.length === 3 ? parts : [own.dataset.kind, ...parts];
  const address = document.getElementById("own-address");
  const told = document.getElementById("own-told");
  const collects = ["booking", "series", "seat"].includes(kind);
  own.hidden = !(collects && id && token);

  document.getElementById("own-put").addEventListener("click", async () => {
    // Kept nowhere: on a computer at the library the next one at it would find it.
    const known = /own-calendars\/([^/]+)\/([^/]+)\/calendar\.ics/.exec(address.value);
    const body = { things: [{ kind, id, token }], ...(known && { calendar: `${known[1]}.${known[2]}` }) };
    try {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch("own-calendars", { method: "POST", headers, body: JSON.stringify(body) });
      if (!answer.ok) {
        told.textContent = "Det gik ikke. Er adressen rigtig? · That did not work. Is the address right?";
        return;
      }
      address.value = (await answer.json()).url;
      told.textContent = "Den er i kalenderen. Gem adressen, og vis den til ingen. · Keep this address to yourself.";
      address.focus();
      address.select();
    } catch {
      told.textContent = "Der er ingen forbindelse. Prøv igen. · No connection. Try again.";
    }
  });
}
