/**
 * Drives a settings text of `node-http` or `undici` against a server: many clients, each with an agent of its own
 * from the text, POSTs whose gaps lie around the server's idle timeout. Prints `{"sent": n, "lost": n}`.
 *
 *     node drive-node.ts MODULE|none node-http|undici URL SECONDS FROM_MS TO_MS
 */
import http from 'node:http';
import { pathToFileURL } from 'node:url';

const [module, kind, url, seconds, fromMs, toMs] = process.argv.slice(2);
const clients = 60;
const endMs = performance.now() + Number(seconds) * 1_000;
let sent = 0;
let lost = 0;

type Post = () => Promise<void>;

/** A module that is imported under another name is another module: an agent for each client. */
async function postOf(client: number): Promise<Post> {
  if (kind === 'undici') {
    const { request, Agent } = await import('undici');
    const dispatcher = module === 'none' ? new Agent() : (await load(client)).agent;
    return async () => {
      const { body } = await request(url, { method: 'POST', body: 'x', dispatcher });
      await body.text();
    };
  }
  const agent = module === 'none' ? new http.Agent({ keepAlive: true }) : (await load(client)).agent;
  return () =>
    new Promise((resolve, reject) => {
      const request = http.request(url, { method: 'POST', agent }, (response) => {
        response.resume();
        response.on('end', () => resolve());
        response.on('error', reject);
      });
      request.on('error', reject);
      request.end('x');
    });
}

async function load(client: number) {
  return import(`${pathToFileURL(module).href}?client=${client}`);
}

await Promise.all(
  Array.from({ length: clients }, async (_, client) => {
    const post = await postOf(client);
    // Spread over the gaps without chance: each client steps through them from another start.
    let step = client;
    while (performance.now() < endMs) {
      sent++;
      await post().catch(() => {
        lost++;
      });
      step = (step + 37) % 101;
      const gapMs = Number(fromMs) + ((Number(toMs) - Number(fromMs)) * step) / 101;
      await new Promise((resolve) => setTimeout(resolve, gapMs));
    }
  }),
);
console.log(JSON.stringify({ sent, lost }));
process.exit();
