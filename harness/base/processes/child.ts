/**
 * A child process, which runs this program or one in another language, and the calls to it (`processes.ts` starts it).
 *
 * The parent calls and the child answers with a value or an error. A child ignores SIGINT, because the parent decides
 * how a run ends. A child exits as soon as the channel to the parent closes, so no process remains after a run.
 */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type ErrorCode, errorTable, HarnessError } from '../errors.ts';
import type { Answer, Call } from './calls.ts';

export interface SpawnOptions {
  /** Options of Node's own for this process, for example `--max-semi-space-size=16`. */
  readonly nodeOptions?: readonly string[];
  /** `channel`: it is not killed but left alone, because it has something to end before itself. Default `signal`. */
  readonly endedBy?: 'signal' | 'channel';
}

export interface Child {
  readonly pid: number;
  /** Of another language, and not a process of our own. */
  readonly isProgram: boolean;
  /** Rejects with what the child threw, or with `lost`'s reason when it ends first. */
  call<Value>(name: string, argument: unknown): Promise<Value>;
  /** Resolves with a reason, for a sentence, when the child ends without `end` or `kill`. */
  readonly lost: Promise<string>;
  /** Closes the channel and waits for the process to be gone; kills it after a second. */
  end(): Promise<void>;
  /** At once, by SIGKILL or, where it asked for that, by closing the channel. Idempotent, never throws. */
  kill(): void;
}

/** Last lines of a child's stderr that are kept for the error message, in characters. */
const stderrKept = 2_000;
/** Characters of a line that is quoted back, most. */
const quotedMax = 120;
const endTimeoutMs = 1_000;

export class ChildCalls implements Child {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly lost: Promise<string>;
  /** Resolves when the child has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Hidden command, or the program. */
  readonly name: string;
  /** null: a program, not a process of our own. */
  readonly options: SpawnOptions | null;
  #calls = 0;
  #endAsked = false;
  #gone: string | null = null;
  #stderrTail = '';

  constructor(child: ChildProcess, name: string, options: SpawnOptions | null) {
    this.#child = child;
    this.name = name;
    this.options = options;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderrTail = (this.#stderrTail + text).slice(-stderrKept);
    });
    child.on('message', (message) => this.#settle(message as Answer));
    this.#readLines();
    const { promise: lost, resolve: resolveLost } = Promise.withResolvers<string>();
    const { promise: ended, resolve: resolveEnded } = Promise.withResolvers<void>();
    this.lost = lost;
    this.ended = ended;
    const onEnd = (how: string) => {
      if (this.#gone !== null) return;
      const said = this.#stderrTail.trim();
      this.#gone = `process "${name}" ${how}${said === '' ? '' : `; it said: ${said}`}`;
      for (const { reject } of this.#waiting.values()) reject(new Error(this.#gone));
      this.#waiting.clear();
      if (!this.#endAsked) resolveLost(this.#gone);
      resolveEnded();
    };
    child.on('error', (error) => onEnd(`could not be started or reached (${error.message})`));
    // Not the child's `close`: Node never emits it once the parent has closed the channel. By the end
    // of its stderr everything that it had to say has been read.
    let how: string | null = null;
    let hasSpoken = child.stderr === null;
    const settle = () => {
      if (how !== null && hasSpoken) onEnd(how);
    };
    child.on('exit', (code, signal) => {
      how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
      settle();
    });
    child.stderr?.on('close', () => {
      hasSpoken = true;
      settle();
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get isProgram(): boolean {
    return this.options === null;
  }

  call<Value>(name: string, argument: unknown): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== null) {
        reject(new Error(this.#gone));
        return;
      }
      const call: Call = { call: ++this.#calls, name, argument };
      this.#waiting.set(call.call, { resolve: (value) => resolve(value as Value), reject });
      const onSent = (error?: Error | null) => {
        if (error) this.#settle({ answer: call.call, error: { message: error.message } });
      };
      if (this.#child.stdin === null) this.#child.send(call, onSent);
      else this.#child.stdin.write(`${JSON.stringify(call)}\n`, onSent);
    });
  }

  /** A program's answers; what is no answer ends it, because nothing after it could be believed. */
  #readLines(): void {
    const { stdin, stdout } = this.#child;
    if (stdin === null || stdout === null) return;
    stdin.on('error', () => {}); // told to whoever called
    createInterface({ input: stdout }).on('line', (line) => {
      const answer = readAnswer(line);
      if (answer !== null) return this.#settle(answer);
      this.#stderrTail += `\nno answer but ${JSON.stringify(line.slice(0, quotedMax))}`;
      this.#child.kill('SIGKILL');
    });
  }

  async end(): Promise<void> {
    this.#endAsked = true;
    this.#leave();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), endTimeoutMs);
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.#endAsked = true;
    if (this.options?.endedBy === 'channel') this.#leave();
    else this.#child.kill('SIGKILL');
  }

  #leave(): void {
    if (this.#child.connected) this.#child.disconnect();
    this.#child.stdin?.end();
  }

  #settle({ answer, value, error }: Answer): void {
    const waiting = this.#waiting.get(answer);
    if (waiting === undefined) return;
    this.#waiting.delete(answer);
    if (error === undefined) waiting.resolve(value);
    else if (isErrorCode(error.code))
      waiting.reject(new HarnessError(error.code, error.message, { hint: error.hint }));
    else waiting.reject(new Error(error.message));
  }
}

function readAnswer(line: string): Answer | null {
  try {
    const answer: unknown = JSON.parse(line);
    const isOne = typeof answer === 'object' && answer !== null && 'answer' in answer;
    return isOne && typeof answer.answer === 'number' ? (answer as Answer) : null;
  } catch {
    return null;
  }
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && code in errorTable;
}
