// @ts-check
/** Buttons and keys that open a dialog of the page. */

/** @param {string} id */
function open(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

export function listenForDialogs() {
  for (const button of document.querySelectorAll("[data-open]")) {
    // Without scripts the button could do nothing, so it is hidden until one is here.
    if (button instanceof HTMLElement) button.hidden = false;
  }
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest("[data-open]");
    if (button instanceof HTMLElement) open(button.dataset["open"] ?? "");
    // A click beside the dialog lands on the dialog element itself.
    if (event.target instanceof HTMLDialogElement) event.target.close();
  });
  document.addEventListener("regulars:open", (event) => {
    if (event instanceof CustomEvent && typeof event.detail === "string") open(event.detail);
  });
}
