/**
 * What an idle connection costs the generator: opens the lean client's fleet, one connection for each
 * simulated client, and prints by how many bytes its resident memory grew for each.
 * Run by the engine benchmark in a process of its own: `node --expose-gc idle-memory.ts URL CONNECTIONS`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../harness/base/time/clock.ts';
import { lean } from '../../harness/client/lean.ts';
import { referencePolicy } from '../../harness/contract/policy.ts';
import { ColumnRecorder } from '../../harness/engine/recorder.ts';

const [url, count] = process.argv.slice(2);
const connections = Number(count);
const { hostname, port, host } = new URL(url);

// Code, buffers and the allocator are warm before the first reading.
/** Connections open before the first reading. */
const warmed = 500;
const plan = {
  loop: 'open' as const,
  round: 1,
  clients: connections,
  warmupNs: 0,
  endNs: 60e9,
  intendedNs: new Float64Array(connections),
  client: Uint32Array.from({ length: connections }, (_, client) => client),
  template: new Uint8Array(connections),
  bodyBytes: new Uint32Array(connections),
  templates: [{ method: 'GET', path: '/', headers: {} }],
  fingerprint: 'idle-memory',
};
const recorder = new ColumnRecorder(plan, systemClock, systemClock.nowNs());
const fleet = lean.open({
  endpoint: { host: hostname, port: Number(port), authority: host, tls: null },
  policy: referencePolicy(300_000),
  limits: { connectionsPerClientMax: null, connectTimeoutMs: 10_000, requestTimeoutMs: 30_000 },
  settings: 'policy',
  plan,
  recorder,
  onClientFree() {},
});

await open(0, warmed);
const before = await settledRss();
await open(warmed, connections);
const after = await settledRss();
console.log(((after - before) / (connections - warmed)).toFixed(0));
await fleet.close();

/** In batches, so that memory for requests under way is not counted as memory of idle connections. */
async function open(from: number, to: number): Promise<void> {
  const batch = 50;
  for (let row = from; row < to; row += batch) {
    const end = Math.min(to, row + batch);
    for (let request = row; request < end; request++) {
      recorder.requestStarted(request);
      fleet.start(request);
    }
    while (recorder.doneCount < end) await sleep(1);
  }
  const failed = recorder.requests.outcome.subarray(from, to).filter((code) => code !== 0).length;
  if (failed > 0) throw new Error(`${failed} of ${to - from} requests failed`);
}

async function settledRss(): Promise<number> {
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc?.();
    await sleep(50);
  }
  return process.memoryUsage.rss();
}
