/** Runs the command line as a user would, in a folder of its own. For end-to-end tests only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Summary } from '../../harness/contract/summary.ts';

const entry = join(import.meta.dirname, '../../harness/cli.ts');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function startCli(
  cwd: string,
  ...args: readonly string[]
): { child: ChildProcess; end: Promise<Finished> } {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const end = new Promise<Finished>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, end };
}

export function cli(cwd: string, ...args: readonly string[]): Promise<Finished> {
  return startCli(cwd, ...args).end;
}

/** A new folder with the given files in it. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-e2e-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Processes that the given one has started and that are still there; Linux only. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        const stat = readFileSync(`/proc/${candidate}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        return false;
      }
    });
}

export function readSummary(folder: string): Summary {
  return JSON.parse(readFileSync(join(folder, 'results/runs/latest/summary.json'), 'utf8'));
}

/**
 * Small enough for a test, real enough to race: T = 200 ms, gaps around it, a round trip of 6 ms. How many trials it
 * has does not depend on the machine.
 */
export const smallMatrix = `
name: small
rounds: 2
warmup: 400ms
duration: 1200ms
target: { kind: embedded, idleTimeout: 200ms }
network: { rtt: 6ms, lagAllowance: 30ms }
traffic: { kind: think-time, clients: 60, gap: { uniform: [100ms, 300ms] } }
request: { method: POST, path: /, bodyBytes: 64 }
strategies: [reuse, retry, short-lived, evict+retry]
repeatUnhealthy: 0
`;
