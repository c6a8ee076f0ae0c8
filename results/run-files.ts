/** Files of a run's folder: written whole, and errors that name the file and say what to do. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { HarnessError, reasonOf } from '../harness/base/errors.ts';

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Writes beside and renames, so that no reader ever sees half a file. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  writing(path, () => {
    const beside = `${path}.part`;
    try {
      // An empty folder is lost where a run is copied through an archive.
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(beside, content);
      renameSync(beside, path);
    } catch (error) {
      rmSync(beside, { force: true });
      throw error;
    }
  });
}

export function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new HarnessError('output-failed', `Cannot write "${path}": ${reasonOf(error)}.`, { cause: error });
  }
}

export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new HarnessError('run-not-found', `Cannot read "${path}": ${reasonOf(error)}.`, { cause: error });
  }
}

export function readJson<Value>(path: string, hint?: string): Value {
  const text = Buffer.from(readBytes(path)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HarnessError('run-unreadable', `Cannot read "${path}": it is not JSON.`, {
      hint,
      cause: error,
    });
  }
}
