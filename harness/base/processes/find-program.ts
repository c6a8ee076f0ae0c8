/** Where a program is installed. Also in the folders of system programs, which a user's PATH often leaves out. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { HarnessError } from '../errors.ts';

const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * @param name As typed; one with a slash is a path, relative to the working folder.
 * @param hint The line that installs it.
 * @returns Its absolute path. @throws HarnessError `program-missing`.
 */
export function findProgram(name: string, hint: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = name.includes('/')
    ? [resolve(name)]
    : [...folders, ...systemFolders].map((folder) => resolve(join(folder, name)));
  const found = places.find(isProgram);
  if (found !== undefined) return found;
  const where = name.includes('/') ? `there is no program at "${places[0]}"` : 'it is not installed';
  throw new HarnessError('program-missing', `Cannot run "${name}": ${where}.`, { hint });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
