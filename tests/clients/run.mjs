// Stock clients, unmodified, against the program: every call arrives, with its type, times and
// identifiers; anonymous history joins at the login; repeats add nothing.
//
// `cargo xtask test --only clients` installs what this needs and runs it. A client is a folder with a
// `client.json`; the program's command line is known to `harness/program.mjs` alone, and its API to
// `harness/api.mjs`. With arguments, only the clients named there are run.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Api } from './harness/api.mjs';
import { Checks } from './harness/checks.mjs';
import { clients } from './harness/clients.mjs';
import { Program } from './harness/program.mjs';
import { captures, replay } from './harness/replay.mjs';
import { visit } from './harness/visit.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);

const checks = new Checks();
const program = await Program.create();
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => program.remove().then(() => process.exit(1)));
try {
  await everything();
} catch (error) {
  await checks.that('the suite runs to its end', () => Promise.reject(error));
} finally {
  if (checks.failed > 0) console.log(`the server's last words:\n${program.talk}`);
  await program.remove();
}
console.log(`\n${checks}`);
process.exit(checks.failed === 0 ? 0 : 1);

async function everything() {
  const isWanted = ({ name }) => wanted.length === 0 || wanted.includes(name);
  const chosen = (await clients(HERE)).filter(isWanted);
  const recorded = (await captures()).filter(isWanted);
  const readKey = await program.createReadKey();
  for (const each of [...chosen, ...recorded]) each.writeKey = await program.addSource(each.name);
  const base = await program.serve();
  const api = new Api(base, readKey);
  for (const client of chosen) await visit(client, base, api, checks);
  for (const capture of recorded) await replay(capture, base, api, checks);
  if (recorded.length === 0 && wanted.length === 0) {
    checks.skip('recorded requests of stock clients', 'REGULARS_CHECK_DATA is not set or holds none');
  }
  await checks.that('the server stops gracefully', async () => {
    const code = await program.stop();
    if (code !== 0) throw new Error(`it ended with ${code}`);
  });
}
