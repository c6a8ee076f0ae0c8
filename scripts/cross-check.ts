/**
 * A second opinion: the closed loop of our own generator beside autocannon's, against the same server,
 * in turns. Prints requests per second of each round and the ratio of the medians. Requests are
 * compared and errors are not: autocannon counts a FIN instead of an answer as no error.
 * Run it: `npm run cross-check`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { median } from '../harness/base/statistics/quantile.ts';
import type { Summary } from '../harness/contract/summary.ts';
import { cli, execute } from './shared/script.ts';

const rounds = 3;
const seconds = 2;
const connections = 50;

const target = spawn(process.execPath, [cli, 'target', '--port', '0', '--idle-timeout', '60s'], {
  stdio: ['ignore', 'pipe', 'ignore'],
});
const [line] = await once(target.stdout, 'data');
const url = `${line}`.trim();

const folder = mkdtempSync(join(tmpdir(), 'idlerace-cross-check-'));
writeFileSync(
  join(folder, 'matrix.yaml'),
  `rounds: 1
warmup: 500ms
duration: ${seconds}s
target: { kind: url, url: "${url}", idleTimeout: 60s }
traffic: { kind: closed, clients: ${connections} }
request: { method: GET }
strategies: [reuse]
`,
);

const own: number[] = [];
const theirs: number[] = [];
try {
  for (let round = 1; round <= rounds; round++) {
    own.push(await ownRate());
    const result = await autocannon({ url, connections, duration: seconds });
    theirs.push(result.requests.total / result.duration);
    console.log(
      `round ${round}: idlerace ${own[round - 1].toFixed(0)} requests/s, autocannon ${theirs[round - 1].toFixed(0)}`,
    );
  }
  console.log(`idlerace / autocannon, medians: ${(median(own) / median(theirs)).toFixed(2)}`);
} finally {
  target.kill('SIGINT');
}

async function ownRate(): Promise<number> {
  await execute(process.execPath, [cli, 'run', '--quiet'], { cwd: folder });
  const file = join(folder, 'results/runs/latest/summary.json');
  const summary: Summary = JSON.parse(readFileSync(file, 'utf8'));
  return summary.scenarios[0].strategies[0].requests.ok / seconds;
}
