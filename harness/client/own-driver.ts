/** A driver that the user wrote, in any language: named by its path, it must speak the protocol of `docs/drivers.md`. */
import { accessSync, constants } from 'node:fs';
import { HarnessError, reasonOf } from '../base/errors.ts';
import type { DriverClient } from '../contract/client-kind.ts';

/** @param file Absolute path of an executable file. */
export function ownDriver(file: string): DriverClient {
  return {
    id: file,
    title: 'A driver of your own',
    summary: 'A program that takes the place of the generator.',
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
