/** Finds an installed program on the PATH and in the folders of system programs, which a PATH often omits. */
import { delimiter, resolve } from 'node:path';
import which from 'which';
import { HarnessError } from '../errors.ts';

const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * @param name As typed. A name with a slash is a path, relative to the working folder.
 * @param hint The command that installs the program.
 * @returns Its absolute path. @throws HarnessError `program-missing`.
 */
export function findProgram(name: string, hint: string): string {
  const path = [process.env.PATH, ...systemFolders].filter(Boolean).join(delimiter);
  const found = which.sync(name, { path, nothrow: true });
  if (found !== null) return resolve(found);
  const where = name.includes('/') ? `there is no program at "${resolve(name)}"` : 'it is not installed';
  throw new HarnessError('program-missing', `Cannot run "${name}": ${where}.`, { hint });
}
