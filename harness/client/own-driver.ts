/** A user's driver, in any language. Its path names it, and it must follow the protocol of `docs/drivers.md`. */
import { accessSync, constants } from 'node:fs';
import { HarnessError, reasonOf } from '../base/errors.ts';
import type { DriverClient } from '../contract/client-kind.ts';

/** @param file Absolute path of an executable file. */
export function ownDriver(file: string): DriverClient {
  return {
    id: file,
    title: 'Your driver',
    summary: 'A program that replaces the generator.',
    // The driver reports its table in its answer to `prepare`.
    carries: null,
    async command() {
      try {
        accessSync(file, constants.X_OK);
      } catch (error) {
        throw new HarnessError('program-missing', `Cannot run the driver "${file}": ${reasonOf(error)}.`, {
          hint: `chmod +x ${file}`,
        });
      }
      return [file];
    },
  };
}
