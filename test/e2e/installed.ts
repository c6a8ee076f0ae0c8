/** Which programs this machine has; tests of the others are skipped, and say how to install them. */
import { findProgram } from '../../harness/base/processes/find-program.ts';

export function isInstalled(program: string): boolean {
  try {
    findProgram(program, '');
    return true;
  } catch {
    return false;
  }
}
