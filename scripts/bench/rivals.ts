/**
 * Other load generators, all with the same connections, seconds, and one core. They send either at a rate or as fast as
 * they can. The benchmark compares requests per second, never error counts or latencies.
 */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hasProgram, outputOf, outputOfNode, type Pins } from './programs.ts';

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** `keep-alive`, or a new connection for each request. */
  readonly mode: 'keep-alive' | 'short-lived';
  /** Requests per second over all connections; null: back to back. */
  readonly perSecond: number | null;
}

export interface Rival {
  readonly name: string;
  readonly cannot: 'rate' | 'short-lived' | null;
  /** Requests per second, as it prints them. */
  run(load: Load): Promise<number>;
}

type Run = (program: string, args: readonly (string | number)[]) => Promise<string>;

export function rivals({ generator }: Pins): readonly Rival[] {
  const run: Run = (program, args) => outputOf(generator, program, args.map(String));
  const known: Record<string, Rival['run']> = {
    wrk: async (load) => wrkRate(await run('wrk', wrkArgs(load))),
    // Open loop; asked for more than it can send, it sends what it can.
    wrk2: async (load) => wrkRate(await run('wrk2', ['-R', load.perSecond ?? 1_000_000, ...wrkArgs(load)])),
    hey: async ({ url, connections, seconds, mode, perSecond }) =>
      figure(
        await run('hey', [
          ...['-z', `${seconds}s`, '-c', connections],
          ...(mode === 'short-lived' ? ['-disable-keepalive'] : []),
          ...(perSecond === null ? [] : ['-q', perSecond / connections]),
          url,
        ]),
        /Requests\/sec:\s+([\d.]+)/,
      ),
    h2load: async ({ url, connections, seconds, perSecond }) =>
      figure(
        await run('h2load', [
          ...['--h1', '-t1', '-c', connections, '-D', seconds],
          ...(perSecond === null ? [] : [`--rps=${perSecond / connections}`]),
          url,
        ]),
        /finished in [\d.]+s, ([\d.]+) req\/s/,
      ),
    k6: (load) => k6Rate(load, run),
  };
  const present = Object.entries(known)
    .filter(([name]) => hasProgram(name))
    .map(([name, run]) => ({ name, cannot: cannot[name] ?? null, run }));
  const autocannon: Rival['run'] = (load) => autocannonRate(load, generator);
  return [{ name: 'autocannon', cannot: null, run: autocannon }, ...present];
}

const cannot: Readonly<Record<string, Rival['cannot']>> = { wrk: 'rate', h2load: 'short-lived' };

function wrkArgs({ url, connections, seconds, mode }: Load): string[] {
  const close = mode === 'short-lived' ? ['-H', 'Connection: close'] : [];
  return ['-t1', `-c${connections}`, `-d${seconds}s`, ...close, url];
}

function wrkRate(text: string): number {
  return figure(text, /^Requests\/sec:\s+([\d.]+)/m);
}

/** Its own command line in a process of its own, pinned as our generator is. */
async function autocannonRate(
  { url, connections, seconds, mode, perSecond }: Load,
  cpus: string | null,
): Promise<number> {
  const program = join(
    dirname(createRequire(import.meta.url).resolve('autocannon/package.json')),
    'autocannon.js',
  );
  const args = ['-c', `${connections}`, '-d', `${seconds}`, '-j', '-n'];
  if (mode === 'short-lived') args.push('-H', 'Connection: close');
  if (perSecond !== null) args.push('-R', `${perSecond}`);
  const report = JSON.parse(await outputOfNode(cpus, [program, ...args, url]));
  return report.requests.total / report.duration;
}

async function k6Rate({ url, connections, seconds, mode, perSecond }: Load, run: Run): Promise<number> {
  const file = join(mkdtempSync(join(tmpdir(), 'idlerace-bench-k6-')), 'script.js');
  const duration = `${seconds}s`;
  const scenario =
    perSecond === null
      ? { executor: 'constant-vus', vus: connections, duration }
      : {
          executor: 'constant-arrival-rate',
          rate: perSecond,
          timeUnit: '1s',
          preAllocatedVUs: connections,
          duration,
        };
  const options = { scenarios: { load: scenario }, noConnectionReuse: mode === 'short-lived' };
  writeFileSync(
    file,
    `import http from 'k6/http';
export const options = ${JSON.stringify(options)};
export default function () { http.get('${url}'); }
`,
  );
  return figure(await run('k6', ['run', '--quiet', file]), /http_reqs\S*:\s+\d+\s+([\d.]+)\/s/);
}

function figure(text: string, pattern: RegExp): number {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`cannot find ${pattern} in:\n${text}`);
  return Number(found[1]);
}
