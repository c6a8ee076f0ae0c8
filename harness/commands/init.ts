/** `idlerace init`: writes a commented matrix file to start from; overwrites nothing. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { exitCodes, HarnessError, reasonOf } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { initTemplate } from '../config/init-template.ts';

export function initCommand(host: Host, file: string): number {
  try {
    writeFileSync(resolve(host.cwd, file), initTemplate, { flag: 'wx' });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const why = reasonOf(error);
    throw new HarnessError(
      'output-failed',
      `Cannot write "${file}": ${exists ? 'it is there already' : why}.`,
      {
        hint: exists
          ? `idlerace run ${file}`
          : 'idlerace init DIR/matrix.yaml, with a folder that can be written',
        cause: error,
      },
    );
  }
  host.stdout.write(`${file} written. Next: idlerace run ${file}\n`);
  return exitCodes.fine;
}
