/** The controller's side of a keeper: a foreign program that ends when it is asked to, or when the controller does. */

import { HarnessError } from '../errors.ts';
import type { Program } from './keeper-process.ts';
import type { Processes } from './processes.ts';

export interface KeptProgram {
  /** Of the program, and of its process group. */
  readonly pid: number;
  /** Resolves with a reason, for a sentence, when it ends without having been asked to. */
  readonly lost: Promise<string>;
  /** The last of what it said on its standard error, and on its standard output where that went nowhere else. */
  words(): Promise<string>;
  /** Sends SIGTERM, later SIGKILL. After the program's end, `read` gets its last output; then its folder is removed. */
  stop<Books>(read: (words: string) => Books): Promise<Books>;
  /** Ends it and its whole group at once. Idempotent, never throws. */
  kill(): void;
}

/** @throws HarnessError `target-start-failed` when it cannot be started at all. */
export async function keepProgram(processes: Processes, program: Program): Promise<KeptProgram> {
  const keeper = processes.spawnSelf('__keeper', { endedBy: 'channel' });
  let pid: number;
  try {
    pid = await keeper.call<number>('start', program);
  } catch (error) {
    keeper.kill();
    const why = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new HarnessError('target-start-failed', `Cannot start "${program.command.join(' ')}": ${why}.`, {
      cause: error,
    });
  }
  let isEndAsked = false;
  const lost = new Promise<string>((resolve) => {
    const tell = (reason: string) => {
      if (!isEndAsked) resolve(reason);
    };
    keeper.call<string>('ended', null).then(
      (how) => tell(`"${program.command[0]}" ${how}`),
      () => {}, // its keeper is gone; whether that was asked for, `keeper.lost` knows
    );
    void keeper.lost.then(() => {
      killGroup(pid); // nobody keeps it any longer
      tell(`the keeper of "${program.command[0]}" ended`);
    });
  });
  return {
    pid,
    lost,
    words: () => keeper.call<string>('words', null),
    async stop(read) {
      isEndAsked = true;
      const words = await keeper.call<string>('stop', null);
      try {
        return read(words);
      } finally {
        await keeper.end();
      }
    },
    kill() {
      isEndAsked = true;
      keeper.kill();
    },
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended with its keeper.
  }
}
