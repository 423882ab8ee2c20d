// The shop's side of Regulars: tells of pages and people, and shows what a journey has to say.
// Nothing here writes HTML, styles or code of its own, so that it runs under a strict policy.
(() => {
  "use strict";
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  // A page that has the script twice tells things once.
  if (!script || /** @type {any} */ (window).regulars?.page) return;
  const set = script.dataset;
  const host = new URL(script.src).origin;
  const KEY = "regulars_anonymous_id";
  const PUSHED = "regulars_push";
  const UNTOLD = "regulars_untold";
  const CLOSE = { es: "Cerrar", ru: "Закрыть" };
  const language = () => document.documentElement.lang || navigator.language;
  const asks = navigator.doNotTrack === "1" || /** @type {any} */ (navigator).globalPrivacyControl;
  let allowed = !asks && set.consent !== "ask";
  let userId = set.userId;
  let proof = set.proof;
  /** @type {any[]} */
  let waiting = [];
  /** @type {any[]} */
  let told = [];
  let timer = 0;
  let again = 0;
  let failures = 0;
  let looks = 0;

  // Where a browser keeps nothing, everybody is new on every page.
  const attempt = (/** @type {() => any} */ act) => {
    try {
      return act();
    } catch {
      return null;
    }
  };
  const stored = (/** @type {string} */ name) => attempt(() => localStorage.getItem(name));
  const keep = (/** @type {string} */ name, /** @type {string} */ value) =>
    attempt(() => localStorage.setItem(name, value));
  const drop = (/** @type {string} */ name) => attempt(() => localStorage.removeItem(name));
  // Where another SDK has named this browser, it keeps that name.
  const others = () => {
    const cookie = attempt(() => document.cookie.match(/(?:^|; )ajs_anonymous_id=([^;]+)/));
    const held = stored("ajs_anonymous_id") || (cookie && cookie[1]);
    return held && held.replace(/^(?:"|%22)|(?:"|%22)$/g, "");
  };
  let made = "";
  /** The name of this browser, which has none before a yes. */
  const anonymousId = () => {
    if (!allowed) return "";
    const held = others() || stored(KEY) || made;
    if (held) return held;
    made = [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
    keep(KEY, made);
    return made;
  };

  const forget = () => {
    made = "";
    [KEY, PUSHED, UNTOLD].forEach(drop);
  };
  /** The subscription of this browser goes; its push service tells whoever writes to it. */
  const unsubscribe = async () => {
    const registration = await navigator.serviceWorker?.getRegistration();
    await (await registration?.pushManager?.getSubscription())?.unsubscribe();
  };
  const ended = () => say("track", { event: "Push Subscription Ended" });
  const who = () => ({ writeKey: set.writeKey, anonymousId: anonymousId(), ...(proof ? { userId, proof } : {}) });
  // As text, so that the browser asks no permission first; it goes even if the page is left.
  const post = (/** @type {string} */ path, /** @type {object} */ words) => {
    const body = JSON.stringify(words);
    // From a page that is left browsers take 64 kB, and a sign has up to 3 bytes.
    return fetch(host + path, { method: "POST", body, keepalive: body.length < 2e4, credentials: "omit" });
  };

  // Of what was shown only whoever it was shown to can tell.
  const report = () => {
    if (told.length) post("/v1/decide/told", { ...who(), told: told.splice(0) }).catch(() => {});
  };
  const flush = () => {
    clearTimeout(timer);
    clearTimeout(again);
    timer = again = 0;
    const batch = waiting.splice(0);
    if (batch.length) {
      post("/v1/batch", { writeKey: set.writeKey, batch, sentAt: new Date() }).then(
        ({ status }) => (status > 499 || status === 429 ? later(batch) : arrived()),
        () => later(batch),
      );
    }
    report();
  };
  const arrived = () => {
    failures = 0;
    if (!waiting.length) drop(UNTOLD);
  };
  // What did not arrive goes again, or from the next page; by its id it counts once.
  const later = (/** @type {any[]} */ batch) => {
    if (!allowed) return;
    waiting = [...batch, ...waiting].slice(-100);
    keep(UNTOLD, JSON.stringify(waiting));
    again = again || setTimeout(flush, 5e3 * 2 ** Math.min(failures++, 6));
  };
  const soon = () => {
    timer = timer || setTimeout(flush, 250);
  };
  const say = (/** @type {string} */ type, /** @type {object} */ more) => {
    if (!allowed) return;
    const id = crypto.getRandomValues(new Uint32Array(4)).join("-");
    waiting.push({
      type,
      messageId: "site-" + id,
      anonymousId: anonymousId(),
      ...(userId ? { userId } : {}),
      timestamp: new Date(),
      context: { locale: language(), page: here() },
      ...more,
    });
    soon();
  };
  const here = () => ({
    path: location.pathname,
    url: location.origin + location.pathname,
    title: document.title,
    referrer: document.referrer,
    search: location.search,
  });
  const tell = (/** @type {string} */ token, /** @type {string} */ what) => {
    told.push({ token, what });
    soon();
  };

  const add = (/** @type {Element} */ into, /** @type {string} */ tag, /** @type {string} */ name, text = "") => {
    const made = document.createElement(tag);
    made.className = "regulars-" + name;
    made.textContent = text;
    into.append(made);
    return made;
  };
  /** The address, if it leads on the web. @param {string} text */
  const address = (text) => {
    try {
      const url = new URL(text, location.href);
      return ["https:", "http:", "mailto:", "tel:"].includes(url.protocol) ? url.href : "";
    } catch {
      return "";
    }
  };
  const fill = (/** @type {Element} */ slot, /** @type {any} */ said) => {
    slot.replaceChildren();
    if (!said) return;
    const box = add(slot, "section", "message");
    box.setAttribute("aria-label", said.title);
    const picture = said.image && address(said.image);
    if (picture) {
      const image = /** @type {HTMLImageElement} */ (add(box, "img", "image"));
      image.alt = said.imageText || "";
      image.src = picture;
    }
    const words = add(box, "div", "words");
    const link = said.link && address(said.link);
    const title = add(words, link && !said.button ? "a" : "p", "title", said.title);
    if (said.text) add(words, "p", "text", said.text);
    const lead = said.button && link ? add(box, "a", "button", said.button) : title;
    if (link) {
      /** @type {HTMLAnchorElement} */ (lead).href = link;
      lead.addEventListener("click", () => {
        tell(said.token, "clicked");
        flush();
      });
    }
    const close = add(box, "button", "close", "×");
    const primary = /** @type {keyof typeof CLOSE} */ (language().slice(0, 2));
    close.setAttribute("aria-label", CLOSE[primary] || "Close");
    close.setAttribute("type", "button");
    close.addEventListener("click", () => {
      slot.replaceChildren();
      tell(said.token, "dismissed");
      flush();
    });
    const seen = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        seen.disconnect();
        tell(said.token, "shown");
      },
      { threshold: 0.5 },
    );
    seen.observe(box);
  };

  const refresh = async () => {
    const places = [...document.querySelectorAll("[data-regulars-slot]")];
    const name = (/** @type {Element} */ place) => place.getAttribute("data-regulars-slot") || "";
    if (!allowed || !places.length) return;
    const look = ++looks;
    try {
      const answer = await post("/v1/decide", { ...who(), slots: places.map(name), language: language() });
      const said = answer.ok ? (await answer.json()).slots : {};
      // A later look, or a no since then, counts more.
      if (look === looks && allowed) places.forEach((place) => fill(place, said[name(place)]));
    } catch {
      // A shop goes on without us.
    }
  };
  const page = (properties = {}) => {
    if (set.track !== "off") say("page", { properties: { ...here(), ...properties } });
    return refresh();
  };

  Object.assign(window, {
    regulars: {
      anonymousId,
      page,
      refresh,
      track: (/** @type {string} */ event, properties = {}) => say("track", { event, properties }),
      /** Who has signed in; `signed` is the word of the shop's server for it. */
      identify: (/** @type {string} */ id, traits = {}, signed = "") => {
        report();
        [userId, proof] = [id, signed];
        say("identify", { traits });
        return refresh();
      },
      /** Asks whether push messages may come: behind a click, since browsers ask nobody otherwise. */
      push: async (/** @type {any} */ { worker, purpose = "promotion", wording = "" }) => {
        if (!allowed || !set.pushKey || !("PushManager" in window)) return "unsupported";
        const answer = await Notification.requestPermission();
        if (answer !== "granted") return answer;
        await navigator.serviceWorker.register(worker);
        const { pushManager } = await navigator.serviceWorker.ready;
        const options = { userVisibleOnly: true, applicationServerKey: set.pushKey };
        // One that was made for another key is of no use.
        const again = async () => {
          await unsubscribe();
          return pushManager.subscribe(options);
        };
        const subscription = await pushManager.subscribe(options).catch(again);
        keep(PUSHED, "yes");
        say("track", { event: "Push Subscribed", properties: { subscription, purpose, wording } });
        return answer;
      },
      /** No push messages any more: a no of the person, on all their browsers. */
      pushOff: async (wording = "") => {
        say("track", { event: "Consent Withdrawn", properties: { channel: "push", purpose: "all", wording } });
        ended();
        await unsubscribe();
      },
      /** Who has signed out is somebody new, who gets no messages of whoever sat here before. */
      reset: () => {
        if (stored(PUSHED)) ended();
        flush();
        [userId, proof] = ["", ""];
        forget();
        return refresh();
      },
      consent: (/** @type {boolean} */ yes) => {
        const before = allowed;
        allowed = yes && !asks;
        if (allowed && !before) return page();
        if (!allowed) {
          [waiting, told] = [[], []];
          if (stored(PUSHED)) unsubscribe().catch(() => {});
          forget();
          document.querySelectorAll("[data-regulars-slot]").forEach((place) => place.replaceChildren());
        }
      },
    },
  });
  addEventListener("pagehide", flush);
  addEventListener("online", flush);
  // A page that comes back as it was left has old news.
  addEventListener("pageshow", (event) => void (event.persisted && page()));
  if (allowed) waiting = [attempt(() => JSON.parse(stored(UNTOLD))) || []].flat();
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => void page());
  else void page();
})();
