/**
 * Access to the outside world: arguments, environment, streams, signals, processes. The command line gets
 * one `Host`; a test hands it another. Nothing else reads `process` for these.
 */

import { Processes } from './processes/processes.ts';

export interface Output {
  write(text: string): void;
  readonly isTty: boolean;
  /** Width in characters; 80 when it is not a terminal. */
  readonly columns: number;
}

export interface Host {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Calls back on SIGINT and SIGTERM; returns how to stop listening. */
  onInterrupt(callback: () => void): () => void;
  /** Starts and ends all processes. */
  readonly processes: Processes;
  /** Wall clock, for timestamps in files and run ids. */
  now(): Date;
}

/** @param entry File of the program, which its child processes run again. */
export function systemHost(entry: string): Host {
  return {
    processes: new Processes(entry),
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    onInterrupt(callback) {
      process.on('SIGINT', callback);
      process.on('SIGTERM', callback);
      return () => {
        process.off('SIGINT', callback);
        process.off('SIGTERM', callback);
      };
    },
    now: () => new Date(),
  };
}

function output(stream: NodeJS.WriteStream): Output {
  // A reader that goes away (`idlerace … | head`) is not an error of ours.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`error: Cannot write the output: ${error.message}. [output-failed]\n`);
    process.exit(2);
  });
  return {
    write: (text) => void stream.write(text),
    isTty: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 80;
    },
  };
}
