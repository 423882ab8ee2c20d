// What people state of themselves, and what events say of products, ends up in messages: hundreds of
// people who mean harm are put into the templates of the gallery, and the browser is asked what came of it.
// REGULARS_HOSTILE says how many, REGULARS_SEED which.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { serveShop } from "../shop.mjs";

const PEOPLE = 250;
const TEMPLATES = ["cart", "welcome", "win-back", "birthday"];
const GALLERY = fileURLToPath(new URL("../../../examples/templates", import.meta.url));

/** Pieces that break out of text, attributes, styles, comments, templates, headers. Each that runs says so. */
const PIECES = [
  "<script>top.ran=1</script>",
  "\"><img src=x onerror=top.ran=1>",
  "' onmouseover='top.ran=1' x='",
  "\" autofocus onfocus=\"top.ran=1",
  "</title></style></textarea><svg onload=top.ran=1>",
  "--><script>top.ran=1</script><!--",
  "<![endif]--><iframe srcdoc='<script>top.ran=1</script>'></iframe>",
  "]]><script>top.ran=1</script>",
  "javascript:top.ran=1",
  "jav&#x61;script&colon;top.ran=1",
  "data:text/html,<script>top.ran=1</script>",
  "<a href=javascript:top.ran=1>Ana</a>",
  "<base href=https://evil.example/>",
  "<meta http-equiv=refresh content=0;url=https://evil.example/>",
  "<link rel=stylesheet href=https://evil.example/x.css>",
  "<form action=https://evil.example><input name=q>",
  "&lt;script&gt;top.ran=1&lt;/script&gt;",
  "&#60;script&#62;top.ran=1&#60;/script&#62;",
  "%3Cscript%3Etop.ran=1%3C/script%3E",
  "{{ 7 * 7 }}{% for x in [1] %}{% endfor %}{# x #}",
  "${top.ran=1}`top.ran=1`",
  "expression(top.ran=1);background:url(https://evil.example/x)",
  "\r\nBcc: everybody@evil.example\r\n\r\n<script>top.ran=1</script>",
  "\u202Egpj.exe\u2066\u0000\u0007\u200B\uFEFF",
  "\u2028\u2029\u0085top.ran=1",
  "＜script＞top.ran=1＜/script＞",
  "<<b <b<script/x>top.ran=1</script",
  "zqtag0gatqz zqtag1gatqz",
  "\\u003cscript\\u003e \\x3cscript\\x3e",
  // What a second reading of the same HTML makes of it.
  "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=top.ran=1&gt;'>",
  "<svg><style><a title='</style><img src=x onerror=top.ran=1>'>",
  "<noscript><p title='</noscript><img src=x onerror=top.ran=1>'>",
  "<form><math><mtext></form><form><mglyph><style></math><img src onerror=top.ran=1>",
  "<select><template><script>top.ran=1</script></template></select><plaintext>",
  "\"><style>*{background:url(https://evil.example/x)}</style><style>@import 'https://evil.example/x.css'",
  "<img srcset='https://evil.example/a 1x, https://evil.example/b 2x'><video poster=https://evil.example/c>",
  "<object data=https://evil.example/d></object><embed src=https://evil.example/e><portal src=https://evil.example/f>",
  "<details open ontoggle=top.ran=1><body onload=top.ran=1><marquee onstart=top.ran=1>",
  "<scr\u0131pt>top.ran=1</scr\u0131pt><\u017Fcript>top.ran=1</\u017Fcript>",
  "{% endraw %}{% include 'x' %}{{ self.__init__.__globals__ }}{{ person }}{% set a = 1 %}",
  "<%= 7 * 7 %>#{7 * 7}*{T(java.lang.Runtime)}[[${7 * 7}]]{{constructor.constructor('top.ran=1')()}}",
  "mj-raw</mj-text><mj-raw><script>top.ran=1</script></mj-raw><mj-include path=/etc/passwd />",
  "\u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627 \u061C\u200F",
  "Z\u0351\u036B\u0343\u036A\u0302".repeat(300),
  "\uD83D\uDC69\u200D".repeat(400),
  "A".repeat(3_000),
  "Ana",
];

/** Pictures of products that are none, and one that is. */
const PICTURES = [
  "https://tienda.example/i.png",
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='top.ran=1'/>",
  "data:text/html,<script>top.ran=1</script>",
  "javascript:top.ran=1",
  "//tienda.example/i.png",
  "\\\\evil.example\\i.png",
  "https://tienda.example/i.png' onerror='top.ran=1",
  "https://tienda.example/i.png\" onerror=\"top.ran=1",
  "https://tienda.example/i.png 1x, https://evil.example/i.png",
  "https://tienda.example@evil.example/i.png",
  "",
];

/** Numbers that are the same for a seed: mulberry32. */
function numbers(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export async function hostile(site, report) {
  const program = process.env.REGULARS_BIN;
  if (!program) return report.skip("people who mean harm", "REGULARS_BIN names no program");
  const shop = await serveShop(program, (dir) => execFileSync(program, ["apply", GALLERY, "--data-dir", dir], { stdio: "ignore" }));
  try {
    await look(site, report, shop);
  } finally {
    await shop.stop();
  }
}

async function look(site, report, shop) {
  const people = Number(process.env.REGULARS_HOSTILE ?? PEOPLE);
  const next = numbers(Number(process.env.REGULARS_SEED ?? 1));
  const text = () => Array.from({ length: 1 + next(3) }, () => PIECES[next(PIECES.length)]).join("");
  // Nothing is wrong in these: one's product has a picture, the other's has none.
  const events = [
    event("plain", "Ana", "Shirt", "https://tienda.example/p", PICTURES[0]),
    event("bare", "Ana", "Shirt", "https://tienda.example/p", ""),
  ];
  for (let number = 0; number < people; number += 1) {
    // Addresses of products are mostly what they should be: else no message is made at all.
    const address = next(5) === 0 ? text() : `https://tienda.example/p?q=${encodeURIComponent(text())}`;
    const picture = next(2) === 0 ? PICTURES[0] : PICTURES[next(PICTURES.length)];
    events.push(event(`h-${number}`, text(), text(), address, picture));
  }
  await shop.tell(events.flat());
  const made = await previews(shop, people);
  // A page of nobody's, without any policy: what could run, runs.
  const context = await site.browser.newContext();
  const asked = new Set();
  await context.route("**", (route) => {
    const host = new URL(route.request().url()).host;
    if (host === "nobody.example") return route.fulfill({ contentType: "text/html", body: "<!doctype html><body>" });
    asked.add(host);
    return route.abort();
  });
  const page = await context.newPage();
  await page.goto("https://nobody.example/");
  const found = [];
  for (let from = 0; from < made.length; from += 40) {
    found.push(...(await page.evaluate(framed, made.slice(from, from + 40).map((one) => one.html ?? ""))));
  }
  const ran = await page.evaluate(() => globalThis.ran ?? 0);
  report.check("nothing runs that people stated", ran === 0, `it ran ${ran} times`);
  const hosts = [...asked].filter((host) => host !== "tienda.example");
  report.check("nothing is loaded from where people said", hosts.length === 0, hosts.join(", "));
  const as = (person) => new Map(TEMPLATES.map((template) => [template, found[made.findIndex((one) => one.template === template && one.person === person)].tags]));
  const [plain, bare] = [as("plain"), as("bare")];
  let sent = 0;
  for (const [number, seen] of found.entries()) {
    const { template, person, html, problem, stand_ins } = made[number];
    if (html === null) {
      report.check(`${template} for ${person} says why it is not made`, typeof problem === "string" && problem !== "");
      continue;
    }
    sent += 1;
    // Whose cart was not taken in is shown another one.
    if (stand_ins.length === 0 && ![plain, bare].some((good) => good.get(template) === seen.tags)) report.fail(`${template} for ${person} has the elements it should`, seen.tags.slice(0, 300));
    if (seen.wrong.length > 0) report.fail(`${template} for ${person} leads to the web`, seen.wrong.join(" "));
  }
  report.check("every message is made all the same", sent === made.length, `${sent} of ${made.length}`);
  report.say(`hostile: ${made.length} messages, ${sent} made, ${made.length - sent} refused`);
  await context.close();
}

/** Shows messages in frames of their own, and tells the elements and addresses of each. */
async function framed(messages) {
  const shown = messages.map((html) => {
    const frame = document.createElement("iframe");
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
    frame.srcdoc = html;
    document.body.append(frame);
    return loaded.then(() => frame);
  });
  const frames = await Promise.all(shown);
  const found = frames.map((frame) => {
    const all = [...frame.contentDocument.querySelectorAll("*")];
    const tags = all.map((one) => one.localName + [...one.attributes].map((held) => held.name).sort().join()).join(" ");
    const addresses = all.flatMap((one) => [one.getAttribute("href"), one.getAttribute("src"), one.getAttribute("action")]);
    const wrong = addresses.filter((held) => held && !/^(https?:|mailto:|tel:)/i.test(held));
    return { tags, wrong };
  });
  await new Promise((resolve) => setTimeout(resolve, 0));
  frames.forEach((frame) => frame.remove());
  return found;
}

function event(user, firstName, name, url, image) {
  const at = new Date().toISOString();
  const product = { product_id: "p-1", name, url, image_url: image, price: 20, currency: "EUR", quantity: 1 };
  return [
    { type: "identify", messageId: `${user}-1`, timestamp: at, userId: user, traits: { email: `${user}@example.com`, firstName } },
    { type: "track", event: "Product Added", messageId: `${user}-2`, timestamp: at, userId: user, properties: product },
  ];
}

/** Every template for everybody, eight at a time; the ones in whom nothing is wrong are there too. */
async function previews(shop, people) {
  const names = ["plain", ...Array.from({ length: people }, (_, number) => `h-${number}`)];
  const wanted = names.map((person, number) => ({ person, template: TEMPLATES[number % TEMPLATES.length] }));
  wanted.push(...TEMPLATES.slice(1).map((template) => ({ person: "plain", template })));
  wanted.push(...TEMPLATES.map((template) => ({ person: "bare", template })));
  const made = [];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let one = wanted.pop(); one; one = wanted.pop()) {
        const who = { identifier: { kind: "user_id", value: one.person } };
        const answer = await shop.ask("/api/v1/templates/preview", { template: one.template, person: who });
        // Of some not even the events were taken: they wait in quarantine.
        if (answer) made.push({ ...one, ...answer });
      }
    }),
  );
  return made;
}
