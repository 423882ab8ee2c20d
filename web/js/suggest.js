// @ts-check
/** Suggestions while a condition is written: asked for at the cursor, put there by a click. */

/** Asks for what may stand at the cursor.
 * @param {Event} event */
function ask(event) {
  const area = event.target;
  if (!(area instanceof HTMLTextAreaElement) || !area.dataset["suggests"]) return;
  const place = document.getElementById(area.dataset["suggests"]);
  const before = document.getElementById(`${area.dataset["suggests"]}-before`);
  if (!place || !(before instanceof HTMLInputElement)) return;
  const text = area.value.slice(0, area.selectionEnd);
  if (before.value === text && place.childElementCount > 0) return;
  before.value = text;
  place.dispatchEvent(new Event("suggest"));
}

/** Puts a suggestion in place of what was typed of it.
 * @param {Event} event */
function put(event) {
  const chosen = event.target instanceof Element ? event.target.closest("[data-suggestion]") : null;
  const place = chosen?.closest("[id]")?.id ?? "";
  const area = place === "" ? null : document.querySelector(`[data-suggests="${place}"]`);
  if (!(chosen instanceof HTMLElement) || !(area instanceof HTMLTextAreaElement)) return;
  const cursor = area.selectionEnd;
  const from = Math.max(0, cursor - Number(chosen.dataset["typed"]));
  const example = "example" in chosen.dataset;
  const spaced = example || /^\s/.test(area.value.slice(cursor)) ? "" : " ";
  // An example stays marked: what is typed next replaces it.
  area.setRangeText(chosen.dataset["suggestion"] + spaced, from, cursor, example ? "select" : "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export function listenForSuggestions() {
  for (const name of ["focusin", "input", "click", "keyup"]) document.addEventListener(name, ask);
  document.addEventListener("click", put);
}
