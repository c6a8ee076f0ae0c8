/**
 * A server that is not ours, from its configuration to its books: a folder of its own, a free port, the program
 * under a keeper, ready when it answers HTTP. What the configuration says and what the books mean is the callers'.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import type { Endpoint } from '../../contract/client-kind.ts';
import { HarnessError, reasonOf } from '../errors.ts';
import { nowNs } from '../time/clock.ts';
import { nsPerMs } from '../units.ts';
import { firstAnswer, isHttp } from './first-answer.ts';
import { type KeptProgram, keepProgram } from './keep-program.ts';
import { pin } from './pin.ts';
import { processGroup } from './process-group.ts';
import type { Launch } from './processes.ts';

/** Where a server lies and listens. */
export interface ServerPlace {
  /** Absolute path; removed when the server has ended. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
}

export interface ForeignServerSetup {
  /** For messages. */
  readonly name: string;
  readonly host: string;
  /** The program and its arguments. */
  command(place: ServerPlace): readonly string[];
  /** Written to the folder before it starts: name → text. */
  files?(place: ServerPlace): Readonly<Record<string, string>>;
  /** A file in the folder that its standard output goes to; without it, it is kept for its last words. */
  readonly stdoutFile?: string;
  /** Working folder; without it, the server's own folder. */
  readonly cwd?: string;
  /** What to type when it does not come up; default the error table's. */
  readonly hint?: string;
  /** Asked for until it answers, with whatever status. */
  readonly readyPath: string;
  readonly readyWithinMs: number;
}

export interface ForeignServer extends ServerPlace {
  readonly pid: number;
  /** Of all its processes when it answered for the first time, `pid` first. */
  readonly pids: readonly number[];
  readonly lost: Promise<string>;
  /**
   * Resolves when it has answered one more request of ours, on a connection of its own: whatever reached
   * it before, such as the end of a client's connection, it has then dealt with and logged.
   */
  settle(): Promise<void>;
  /** Ends it, and reads what it left in its folder. */
  stop<Books>(read: () => Books): Promise<Books>;
  kill(): void;
}

const pollMs = 10;
const answerWithinMs = 1_000;

/** @throws HarnessError `target-start-failed` with what was seen. */
export async function startForeignServer(
  setup: ForeignServerSetup,
  { processes, cpus }: Launch,
): Promise<ForeignServer> {
  const { name, host, readyPath } = setup;
  const folder = mkdtempSync(join(tmpdir(), 'idlerace-server-'));
  let program: KeptProgram | null = null;
  try {
    const place = { folder, host, port: await freePort(host) };
    for (const [file, text] of Object.entries(setup.files?.(place) ?? {})) {
      writeFileSync(join(folder, file), text);
    }
    program = await keepProgram(processes, {
      command: setup.command(place),
      cwd: setup.cwd ?? folder,
      stdoutFile: setup.stdoutFile === undefined ? null : join(folder, setup.stdoutFile),
      folder,
    });
    const { pid, lost, stop, kill } = program;
    const endpoint = { host, port: place.port, authority: `${host}:${place.port}`, tls: null };
    const ended = lost.then((how) => `${how}.`);
    const why = await Promise.race([ended, untilAnswers(setup, endpoint, program)]);
    if (why !== null) {
      throw new HarnessError('target-start-failed', `${name} did not come up: ${why}`, { hint: setup.hint });
    }
    const pids = processGroup(pid);
    await Promise.all(pids.map((one) => pin(one, cpus, 'all')));
    const settle = async () => {
      await firstAnswer(endpoint, readyPath, setup.readyWithinMs);
    };
    return { ...place, pid, pids, lost, settle, stop, kill };
  } catch (error) {
    program?.kill();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Finds a port that is free now. Another process can take it before the program listens, unless the address is the trial's. */
function freePort(host: string): Promise<number> {
  return getPort({ host, exclusive: true }).catch(({ message }: Error) => {
    throw new HarnessError('target-start-failed', `No free port on ${host}: ${message}.`);
  });
}

/** @returns null when it answers; else why it is given up, as a sentence. */
async function untilAnswers(
  { readyPath, readyWithinMs }: ForeignServerSetup,
  endpoint: Endpoint,
  program: KeptProgram,
): Promise<string | null> {
  const deadlineNs = nowNs() + readyWithinMs * nsPerMs;
  let seen = '';
  let words: string | null = '';
  while (nowNs() < deadlineNs) {
    try {
      const answer = await firstAnswer(endpoint, readyPath, Math.min(answerWithinMs, readyWithinMs));
      if (isHttp(answer)) return null;
      seen = `it does not speak HTTP/1.1, its answer starts with ${JSON.stringify(answer.slice(0, 80))}`;
    } catch (error) {
      seen = reasonOf(error);
    }
    words = await program.words().catch(() => null);
    if (words === null) return 'it was ended before it answered.'; // the run was interrupted
    await sleep(pollMs);
  }
  const said = words === '' ? '' : ` It said: ${words}`;
  return `no answer on ${endpoint.authority} within ${readyWithinMs / 1_000} s; seen last: ${seen}.${said}`;
}
