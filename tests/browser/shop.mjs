// A shop of its own for the browser: the demo, on any free port, where no server is named.
import { spawn } from "node:child_process";

/** Starts the demo and says where it listens; `stop` ends it. */
export async function openShop(program) {
  const child = spawn(program, ["demo", "--people", "400", "--days", "30", "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
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
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await fetch(`${address}/healthz`).catch(() => null);
    if (answer?.ok) return { address, stop: () => child.kill("SIGTERM") };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the demo does not answer");
}
