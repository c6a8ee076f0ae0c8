/**
 * Starts the processes of one program, keeps spare processes ready, and ends all of them.
 *
 * A process of our own runs the program's entry again with a hidden command. The program makes one `Processes` and
 * passes it to all parts that start a process, so `killAll` ends every process of a run.
 */
import { spawn } from 'node:child_process';
import { type Child, ChildCalls, type SpawnOptions } from './child.ts';

/** How a part starts the processes that a trial measures. */
export interface Launch {
  readonly processes: Processes;
  /** CPUs to pin a process to; null: left to the scheduler. */
  readonly cpus: string | null;
}

export class Processes {
  readonly #entry: string;
  /** Every child that has not ended yet, so that `killAll` can end it after any error. */
  readonly #living = new Set<ChildCalls>();
  /** Kind → the running child of that kind that is not in use yet. */
  readonly #spares = new Map<string, ChildCalls>();

  /** @param entry File that handles hidden commands: `cli.ts`, or `cli.js` when built. */
  constructor(entry: string) {
    this.#entry = entry;
  }

  /** Takes the spare of this kind, or starts a process if there is none. */
  spawnSelf(hiddenCommand: string, options: SpawnOptions = {}): Child {
    const kind = kindOf(hiddenCommand, options);
    const spare = this.#spares.get(kind);
    this.#spares.delete(kind);
    return spare !== undefined && this.#living.has(spare) ? spare : this.#startSelf(hiddenCommand, options);
  }

  /**
   * Starts a program that speaks the call protocol in JSON lines on its standard input and output.
   * @param command The program and its arguments.
   */
  spawnProgram(command: readonly string[]): Child {
    const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
    return this.#keep(new ChildCalls(child, command[0], null));
  }

  /**
   * Starts a spare for each kind of process of our own that is in use; the next `spawnSelf` takes it. It is as fresh as
   * any other, and its runtime has started already.
   */
  prepareSpares(): void {
    for (const { name, options } of [...this.#living]) {
      if (options === null) continue;
      const kind = kindOf(name, options);
      if (!this.#spares.has(kind)) this.#spares.set(kind, this.#startSelf(name, options));
    }
  }

  /** Ends every process immediately, when a trial ends. */
  killAll(): void {
    for (const child of this.#living) child.kill();
    this.#spares.clear();
  }

  #startSelf(hiddenCommand: string, options: SpawnOptions): ChildCalls {
    const { nodeOptions = [] } = options;
    const words = [...process.execArgv, ...nodeOptions, this.#entry, hiddenCommand];
    const child = spawn(process.execPath, words, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    return this.#keep(new ChildCalls(child, hiddenCommand, options));
  }

  #keep(child: ChildCalls): ChildCalls {
    this.#living.add(child);
    void child.ended.then(() => this.#living.delete(child));
    return child;
  }
}

function kindOf(hiddenCommand: string, { nodeOptions = [] }: SpawnOptions): string {
  return [hiddenCommand, ...nodeOptions].join(' ');
}
