/**
 * Functions that the developer scripts share: the path of the command line, and reading arguments. A script with wrong
 * arguments exits with 2 before it does anything.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs, promisify } from 'node:util';
import { reasonOf } from '../../harness/base/errors.ts';

/** The command line's file, which a script runs as a program or passes to `Processes`. */
export const cli = join(import.meta.dirname, '../../harness/cli.ts');

/** Runs a program until it exits. Rejects with what it wrote to stderr when its exit code is not 0. */
export const execute = promisify(execFile);

/** @returns The script's arguments: `values` of the options, and all other arguments as `positionals`. */
export function readArguments<const Options extends ParseArgsOptionsConfig>(options: Options) {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    return refuse(reasonOf(error));
  }
}

/** @param name Of the argument, for the message. @param max Largest value; the smallest is 1. */
export function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  return refuse(`Cannot use ${name} "${text}": expected a whole number from 1 to ${max}.`);
}

/** Ends the script. */
export function refuse(message: string): never {
  console.error(`error: ${message}`);
  process.exit(2);
}
