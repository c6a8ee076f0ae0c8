/**
 * The project's own engine in the benchmark, with everything on: a real run of the command line, with
 * load plan, accounting, connection events, samples, summary and histograms.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StrategySummary, Summary } from '../../harness/contract/summary.ts';
import { cli, outputOf } from './programs.ts';

export interface OwnRun {
  readonly seconds: number;
  readonly rounds?: number;
  readonly strategy: 'reuse' | 'short-lived';
  /** YAML of the matrix's `traffic`. */
  readonly traffic: string;
  readonly url: string;
}

export async function ownEngine({
  seconds,
  rounds = 1,
  strategy,
  traffic,
  url,
}: OwnRun): Promise<StrategySummary> {
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-bench-'));
  try {
    const file = join(folder, 'matrix.yaml');
    writeFileSync(
      file,
      `rounds: ${rounds}
warmup: 500ms
duration: ${seconds}s
target: { kind: url, url: "${url}", idleTimeout: 300s }
traffic: ${traffic}
client: { connectionsPerClientMax: 1 }
request: { method: GET, bodyBytes: 0 }
strategies: [${strategy}]
`,
    );
    // Not pinned as a whole: the run pins its generator by itself, to the same core as the others get.
    await outputOf(null, process.execPath, [cli, 'run', file, '--quiet', '--out', join(folder, 'runs')]);
    const summary: Summary = JSON.parse(readFileSync(join(folder, 'runs/latest/summary.json'), 'utf8'));
    const result = summary.scenarios[0].strategies[0];
    // A generator that is late, or at its limit, is what is measured here. A wrong count is not.
    const broken = result.trials.flatMap(({ laws }) => laws.filter(({ left, right }) => left !== right));
    if (broken.length > 0) throw new Error(`the own engine broke a law: ${broken[0].law}`);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Requests answered well per second of measured time, closed loop. */
export async function ownRate(options: Omit<OwnRun, 'traffic'> & { connections: number }): Promise<number> {
  const { connections, ...run } = options;
  const result = await ownEngine({ ...run, traffic: `{ kind: closed, clients: ${connections} }` });
  return (result.trials[0].requests.ok ?? 0) / run.seconds;
}
