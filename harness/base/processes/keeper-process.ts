/**
 * The keeper: a process of our own that holds a foreign program, which cannot watch a channel to its parent
 * as our children do. It starts the program in a process group of its own, says when it ended, and kills the
 * whole group, whoever ends it or closes the channel: no foreign program outlives the controller.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { answerParent } from './answer-parent.ts';

export interface Program {
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** Where its standard output goes; null: kept with its standard error, for its last words. */
  readonly stdoutFile: string | null;
  /** Removed, with all that is in it, when the keeper ends; null: none. */
  readonly folder: string | null;
}

/** Last words that are kept, in characters. */
const wordsKept = 2_000;
/** From SIGTERM to SIGKILL. */
const stopWithinMs = 3_000;
/** After its end, for what it said to be read; a daemon that it left behind may hold the pipe for ever. */
const lastWordsWithinMs = 200;

export function keeperProcess(): void {
  let kept: KeptGroup | null = null;
  // Registered before the listener that exits.
  process.on('disconnect', () => kept?.destroy());
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (process.connected) process.disconnect();
    });
  }
  const group = (): KeptGroup => {
    if (kept === null) throw new Error('nothing was started');
    return kept;
  };
  answerParent({
    async start(program: Program): Promise<number> {
      kept = new KeptGroup(program);
      const pid = await kept.pid;
      // The parent may have gone before anybody here listened for that.
      if (!process.connected) kept.destroy();
      return pid;
    },
    /** Answers when the program has ended: how, for a sentence. */
    ended: () => group().ended,
    words: () => group().words,
    /** Answers with the program's last output. */
    stop: () => group().stop(),
  });
}

class KeptGroup {
  /** Of the program, and of its group. */
  readonly pid: Promise<number>;
  readonly ended: Promise<string>;
  readonly #folder: string | null;
  readonly #child: ChildProcess;
  #words = '';
  #hasEnded = false;

  constructor({ command, cwd, stdoutFile, folder }: Program) {
    this.#folder = folder;
    const stdout = stdoutFile === null ? 'pipe' : openSync(stdoutFile, 'a');
    const words = bound(command);
    const child = spawn(words[0], words.slice(1), {
      cwd,
      detached: true,
      stdio: ['ignore', stdout, 'pipe'],
    });
    if (typeof stdout === 'number') closeSync(stdout);
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#words = (this.#words + text).slice(-wordsKept);
      });
    }
    this.pid = new Promise((resolve, reject) => {
      child.on('spawn', () => resolve(child.pid ?? -1));
      child.on('error', (error) => reject(new Error(error.message)));
    });
    this.ended = new Promise((resolve) => {
      child.on('exit', (code, signal) => {
        this.#hasEnded = true;
        this.#signal('SIGKILL');
        const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
        const tell = () => resolve(`${how}${this.words === '' ? '' : `; it said: ${this.words}`}`);
        const timer = setTimeout(tell, lastWordsWithinMs);
        child.on('close', () => {
          clearTimeout(timer);
          tell();
        });
      });
    });
  }

  get words(): string {
    return this.#words.trim();
  }

  async stop(): Promise<string> {
    if (!this.#hasEnded) this.#signal('SIGTERM');
    const timer = setTimeout(() => this.#signal('SIGKILL'), stopWithinMs);
    await this.ended;
    clearTimeout(timer);
    return this.words;
  }

  /** At once, and everything in it. */
  destroy(): void {
    // Of one that has ended nothing is left, and its number may be another's by now.
    if (!this.#hasEnded) this.#signal('SIGKILL');
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // Nobody of the group is left.
    }
  }
}

const setpriv = '/usr/bin/setpriv';

/** Linux ends a program with its parent when it is asked to: also of a keeper that had no time to do so. */
function bound(command: readonly string[]): readonly string[] {
  const can = process.platform === 'linux' && isAbsolute(command[0]) && existsSync(command[0]);
  return can && existsSync(setpriv) ? [setpriv, '--pdeathsig', 'KILL', ...command] : command;
}
