// Shows the push messages of Regulars. Put this file at the root of the shop's own site: browsers
// take a worker from nowhere else. It loads nothing and keeps nothing.
"use strict";
const worker = /** @type {any} */ (self);

worker.addEventListener("push", (/** @type {any} */ event) => {
  let told;
  try {
    told = event.data.json();
  } catch {
    return;
  }
  const { title, body, icon, image, tag, url, closed } = told;
  // Of two messages with one tag the later stays: what came twice is seen once.
  const shown = { body, icon, image, tag, data: { url, closed } };
  event.waitUntil(worker.registration.showNotification(title, shown));
});

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(worker.clients.openWindow(event.notification.data.url));
});

worker.addEventListener("notificationclose", (/** @type {any} */ event) => {
  const { closed } = event.notification.data;
  if (closed) event.waitUntil(fetch(closed, { method: "POST", mode: "no-cors", credentials: "omit" }).catch(() => {}));
});
