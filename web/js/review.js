// @ts-check
/** Answers a pair by keyboard: the letter of a button presses it, in the row one is at. */
import { letter, typing } from "./keys.js";

/** The row of a review that holds the focus, or that was last walked to. */
function here() {
  const active = document.activeElement?.closest("[data-review] [data-row]");
  return active ?? document.querySelector("[data-review] [data-row].here");
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const pressed = letter(event);
  const button = pressed === "" ? null : here()?.querySelector(`[data-answer="${pressed}"]`);
  if (!(button instanceof HTMLButtonElement)) return;
  event.preventDefault();
  button.click();
}

export function listenForAnswers() {
  // The letter after `g` belongs to keys.js, which listens first and claims it.
  document.addEventListener("keydown", press);
}
