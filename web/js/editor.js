// @ts-check
/** Writing a journey: letters for what the buttons do, and nothing that was typed is left behind. */
import { letter, typing } from "./keys.js";

/** The form that is being written into, once something was typed. */
function written() {
  const form = document.getElementById("writing");
  return form instanceof HTMLFormElement && form.dataset["typed"] !== undefined ? form : null;
}

/** Keeps what was typed with whatever else is asked for: it travels along as hidden fields.
 * @param {Event} event */
function takeAlong(event) {
  const [form, other] = [event.target, written()];
  if (!(form instanceof HTMLFormElement) || other === null || form === other || !form.closest("#editor")) return;
  for (const [name, value] of new FormData(other)) {
    if (name !== "written" && !name.startsWith("f:")) continue;
    const field = document.createElement("input");
    [field.type, field.name, field.value] = ["hidden", name, String(value)];
    form.append(field);
  }
}

/** Keeps what was typed before another part of the page is opened.
 * @param {Event} event */
function keepFirst(event) {
  const link = event.target instanceof Element ? event.target.closest("#editor a[href^='?']") : null;
  const form = written();
  const elsewhere = event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey);
  if (!(link instanceof HTMLAnchorElement) || form === null || elsewhere) return;
  event.preventDefault();
  event.stopPropagation();
  const then = document.createElement("input");
  [then.type, then.name, then.value] = ["hidden", "then", link.search];
  form.append(then);
  form.requestSubmit();
}

/** The key of an action, as the buttons name it.
 * @param {KeyboardEvent} event */
function named(event) {
  if (event.key === "Delete") return "Delete";
  return letter(event);
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const pressed = named(event);
  if (pressed === "") return;
  const action = document.querySelector(`#editor [data-key="${pressed}"]:not([aria-disabled])`);
  if (!(action instanceof HTMLElement)) return;
  event.preventDefault();
  action.click();
}

export function listenForEdits() {
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest("#writing") : null;
    if (form instanceof HTMLFormElement) form.dataset["typed"] = "";
  });
  // Before htmx hears of them.
  document.addEventListener("submit", takeAlong, { capture: true });
  document.addEventListener("click", keepFirst, { capture: true });
  // The letter after `g` belongs to keys.js, which listens first and claims it.
  document.addEventListener("keydown", press);
}
