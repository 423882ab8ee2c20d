// A shop of its own for the browser: the demo, on any free port, where no server is named. Beside the
// town it holds two logins with one address, two rows that nobody can understand, a second user, and a journey that asks
// staff to see to people, who are in an older version of it.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Somebody else who signs in. */
export const COLLEAGUE = { name: "colleague", password: "colleague of the demo" };

/** Starts the demo and says where it listens; `stop` ends it. */
export async function openShop(program) {
  const folder = mkdtempSync(join(tmpdir(), "regulars-browser-"));
  const dir = join(folder, "shop");
  const first = await start(program, dir);
  await first.stop();
  invite(program, dir, join(folder, "definitions"));
  const made = execFileSync(program, ["--json", "source", "add", "browser", "--kind", "web", "--data-dir", dir]);
  const key = JSON.parse(String(made)).write_key;
  execFileSync(program, ["user", "add", COLLEAGUE.name, "--role", "marketer", "--data-dir", dir], { input: COLLEAGUE.password });
  const shop = await start(program, dir);
  await tell(shop.address, key);
  const stop = async () => {
    await shop.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { address: shop.address, stop };
}

/** A journey of which there are two versions with people in the older one, and which asks staff to see to them. */
function invite(program, dir, files) {
  const run = (...words) => execFileSync(program, [...words, "--data-dir", dir], { stdio: ["ignore", "ignore", "inherit"] });
  const publish = (days) => {
    const steps = ["  - { notify: Call them and say welcome, name: call }", `  - wait: ${days} days`];
    writeFileSync(join(files, "invited.yaml"), ["journey: invited", "purpose: care", "enter: [file]", "steps:", ...steps, ""].join("\n"));
    run("apply", files);
  };
  run("export", files);
  publish(2);
  const rows = join(dir, "..", "invited.csv");
  writeFileSync(rows, "email\nmaria@example.com\njane@example.com\n");
  run("journey", "enroll", "invited", rows);
  publish(3);
}

/** Serves a shop of what `prepare` puts into its folder; takes events and answers the API. */
export async function serveShop(program, prepare) {
  const folder = mkdtempSync(join(tmpdir(), "regulars-browser-"));
  const dir = join(folder, "shop");
  prepare(dir);
  const make = (...words) => JSON.parse(String(execFileSync(program, ["--json", ...words, "--data-dir", dir])));
  const write = make("source", "add", "browser", "--kind", "web").write_key;
  const { key } = make("key", "create", "--scope", "read");
  const shop = await start(program, dir, ["serve", "--listen", "127.0.0.1:0", "--data-dir", dir]);
  const post = async (path, authorization, body) => {
    const headers = { "content-type": "application/json", authorization };
    const answer = await fetch(shop.address + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    address: shop.address,
    key: write,
    tell: async (events) => {
      for (let from = 0; from < events.length; from += 100) {
        await post("/v1/batch", `Basic ${btoa(`${write}:`)}`, { batch: events.slice(from, from + 100) });
      }
    },
    ask: (path, body) => post(path, `Bearer ${key}`, body),
    stop: async () => {
      await shop.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function demo(dir) {
  return ["demo", "--people", "400", "--days", "30", "--listen", "127.0.0.1:0", "--data-dir", dir];
}

async function start(program, dir, words = demo(dir)) {
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  let said = "";
  const address = await new Promise((resolve, reject) => {
    const hear = (bytes) => {
      said += bytes;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve(found[0]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`the demo ended with ${code}: ${said}`)));
  });
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await fetch(`${address}/healthz`).catch(() => null);
    if (answer?.ok) return { address, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the demo does not answer");
}

/** A household: two logins share an address, and somebody bought on it. */
async function tell(address, key) {
  const email = "household@example.com";
  const say = (messageId, body) => ({ messageId, timestamp: new Date().toISOString(), ...body });
  const order = { order_id: "H-1", total: 20, currency: "EUR", products: [{ sku: "tee-m", price: 20, quantity: 1 }] };
  const batch = [
    say("h-1", { type: "identify", userId: "anna-h", traits: { email, firstName: "Householda", lastName: "Twinn" } }),
    say("h-2", { type: "identify", userId: "ben-h", traits: { email, firstName: "Householdb", lastName: "Twinn" } }),
    say("h-3", { type: "track", event: "Order Completed", context: { traits: { email } }, properties: { email, ...order } }),
    say("h-4", { type: "track", userId: "anna-h" }),
    say("h-5", { type: "wave", userId: "anna-h" }),
  ];
  const headers = { "content-type": "application/json", authorization: `Basic ${btoa(`${key}:`)}` };
  const answer = await fetch(`${address}/v1/batch`, { method: "POST", headers, body: JSON.stringify({ batch }) });
  if (!answer.ok) throw new Error(`the shop does not take events: ${answer.status} ${await answer.text()}`);
}
