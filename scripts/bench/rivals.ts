/**
 * Other load generators, each asked for the same: so many connections, so many seconds, one core.
 * Their requests per second are compared, never their error counts or latencies.
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
}

export interface Rival {
  readonly name: string;
  /** Requests per second; null when it cannot do that mode. */
  rate(load: Load): Promise<number | null>;
}

export function rivals({ generator }: Pins): readonly Rival[] {
  const run = (program: string, args: readonly (string | number)[]) =>
    outputOf(generator, program, args.map(String));
  const wrkArgs = ({ url, connections, seconds, mode }: Load) => [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    ...(mode === 'short-lived' ? ['-H', 'Connection: close'] : []),
    url,
  ];
  const wrkRate = (text: string) => figure(text, /^Requests\/sec:\s+([\d.]+)/m);
  const known: Record<string, (load: Load) => Promise<number | null>> = {
    wrk: async (load) => wrkRate(await run('wrk', wrkArgs(load))),
    // Open loop; asked for more than it can send, it sends what it can.
    wrk2: async (load) => wrkRate(await run('wrk2', ['-R', 1_000_000, ...wrkArgs(load)])),
    hey: async ({ url, connections, seconds, mode }) =>
      figure(
        await run('hey', [
          '-z',
          `${seconds}s`,
          '-c',
          connections,
          ...(mode === 'short-lived' ? ['-disable-keepalive'] : []),
          url,
        ]),
        /Requests\/sec:\s+([\d.]+)/,
      ),
    h2load: async ({ url, connections, seconds, mode }) =>
      mode === 'short-lived'
        ? null
        : figure(
            await run('h2load', ['--h1', '-t1', '-c', connections, '-D', seconds, url]),
            /finished in [\d.]+s, ([\d.]+) req\/s/,
          ),
    k6: async (load) => k6Rate(load, run),
  };
  const present = Object.entries(known)
    .filter(([name]) => hasProgram(name))
    .map(([name, rate]) => ({ name, rate }));
  return [{ name: 'autocannon', rate: (load) => autocannonRate(load, generator) }, ...present];
}

/** Its own command line in a process of its own, pinned as our generator is. */
async function autocannonRate(
  { url, connections, seconds, mode }: Load,
  cpus: string | null,
): Promise<number> {
  const program = join(
    dirname(createRequire(import.meta.url).resolve('autocannon/package.json')),
    'autocannon.js',
  );
  const args = ['-c', `${connections}`, '-d', `${seconds}`, '-j', '-n'];
  if (mode === 'short-lived') args.push('-H', 'Connection: close');
  const report = JSON.parse(await outputOfNode(cpus, [program, ...args, url]));
  return report.requests.total / report.duration;
}

async function k6Rate(
  { url, connections, seconds, mode }: Load,
  run: (program: string, args: readonly (string | number)[]) => Promise<string>,
): Promise<number> {
  const file = join(mkdtempSync(join(tmpdir(), 'idlerace-bench-k6-')), 'script.js');
  writeFileSync(
    file,
    `import http from 'k6/http';
export const options = { vus: ${connections}, duration: '${seconds}s', noConnectionReuse: ${mode === 'short-lived'} };
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
