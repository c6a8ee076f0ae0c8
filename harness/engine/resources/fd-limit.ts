/** How many files this process, and the ones it starts, may have open; null where the OS does not say. */
import { procFile } from './proc-file.ts';
import { readFdLimit } from './proc-text.ts';

export function fdLimit(): number | null {
  const limits = procFile('self/limits');
  return limits === null ? null : readFdLimit(limits);
}
