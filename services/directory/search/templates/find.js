// Suggestions while typing. Without this script the page does all else; a suggestion is only ever put into the list.
const field = document.getElementById("q");
const list = document.getElementById("suggestions");
let asked = 0;

async function suggest() {
  const typed = field.value.trim();
  const mine = ++asked;
  if (typed.length < 2) {
    list.replaceChildren();
    return;
  }
  const answer = await fetch("activities/suggestions?q=" + encodeURIComponent(typed)).catch(() => null);
  if (!answer?.ok) return;
  const { words, titles } = await answer.json();
  if (mine !== asked) return; // Somebody went on typing: a later answer is on its way.
  list.replaceChildren(
    ...[...new Set([...words, ...titles])].map((text) => {
      const option = document.createElement("option");
      option.value = text;
      return option;
    }),
  );
}

field.addEventListener("input", suggest);
