/**
 * Measures how late requests arrive at a target from generators whose schedule is not known. The target (`arrivals.go`)
 * reports the kernel's time of each arrival, and the schedule is fitted to these times. `docs/performance.md` defines the figure.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { quantile } from '../../harness/base/statistics/quantile.ts';
import { nsPerMs, nsPerSecond } from '../../harness/base/units.ts';
import { hasProgram, type Pins, pinned } from './programs.ts';

export interface Arrival {
  readonly connection: number;
  readonly ns: number;
}

/**
 * p99 of the lateness of the arrivals of the last `seconds`, ms: arrivals in order, the k-th due at
 * start + k · period, the start such that none is early. The schedule is taken to be one of all connections
 * together, or one of each connection, whichever makes the generator look better.
 */
export function latenessMsP99(
  arrivals: readonly Arrival[],
  { perSecond, connections, seconds }: Schedule,
): number {
  const lastNs = arrivals.reduce((most, { ns }) => Math.max(most, ns), Number.NEGATIVE_INFINITY);
  const kept = arrivals.filter(({ ns }) => lastNs - ns < seconds * nsPerSecond).sort((a, b) => a.ns - b.ns);
  const groups = [...Map.groupBy(kept, ({ connection }) => connection).values()];
  const periodNs = nsPerSecond / perSecond;
  const together = latenesses(kept, periodNs);
  const apart = groups.flatMap((own) => latenesses(own, periodNs * connections));
  const [better] = [together, apart]
    .map((values) => quantile(Float64Array.from(values).sort(), 0.99) ?? Number.NaN)
    .sort((a, b) => a - b);
  if (Number.isNaN(better)) throw new Error('no request arrived');
  return better / nsPerMs;
}

function latenesses(arrivals: readonly Arrival[], periodNs: number): number[] {
  const offsets = arrivals.map(({ ns }, index) => ns - index * periodNs);
  const startNs = offsets.reduce((least, offset) => Math.min(least, offset), Number.POSITIVE_INFINITY);
  return offsets.map((offset) => offset - startNs);
}

export interface Schedule {
  readonly perSecond: number;
  /** Connections, which all send at the same rate. */
  readonly connections: number;
  /** Measured time, at the end. */
  readonly seconds: number;
}

export interface LatenessBench {
  /** Runs a generator against the target, and returns the lateness of its last `seconds`. */
  measure(schedule: Schedule, generate: (url: string) => Promise<unknown>): Promise<number>;
  /** The bare pacer's arguments follow. */
  readonly barePacer: string;
  stop(): void;
}

/** null: Linux or Go is missing. */
export async function latenessBench(pins: Pins): Promise<LatenessBench | null> {
  if (process.platform !== 'linux' || !hasProgram('go')) return null;
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-bench-go-'));
  const build = async (source: string) => {
    const program = join(folder, basename(source, '.go'));
    const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOTOOLCHAIN: 'local' };
    await promisify(execFile)('go', ['build', '-o', program, source], { cwd: import.meta.dirname, env });
    return program;
  };
  const target = await build('arrivals.go');
  return {
    barePacer: await build('bare-pacer.go'),
    async measure(schedule, generate) {
      const { command, argv } = pinned(pins.target, target, []);
      const server = spawn(command, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
      const port = await new Promise<string>((resolve, reject) => {
        server.stdout.once('data', (data: Buffer) => resolve(`${data}`.trim()));
        server.once('exit', (code) => reject(new Error(`the target of arrivals exited with ${code}`)));
      });
      const rest = text(server.stdout);
      try {
        await generate(`http://127.0.0.1:${port}/`);
      } finally {
        server.stdin.end();
      }
      return latenessMsP99(readArrivals(await rest), schedule);
    },
    stop: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The nanoseconds count from the first line's, because a double cannot represent the current time to the nanosecond. */
export function readArrivals(lines: string): Arrival[] {
  const rows = lines.split('\n').filter((line) => line !== '');
  const originNs = BigInt(rows[0]?.split(' ')[1] ?? 0);
  return rows.map((row) => {
    const [connection, ns] = row.split(' ');
    return { connection: Number(connection), ns: Number(BigInt(ns) - originNs) };
  });
}
