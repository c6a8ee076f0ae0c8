/** `idlerace schema`: the JSON Schema of the matrix file. */
import { exitCodes } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { matrixJsonSchema } from '../config/matrix-json-schema.ts';

export function schemaCommand(host: Host): number {
  host.stdout.write(`${JSON.stringify(matrixJsonSchema(), null, 2)}\n`);
  return exitCodes.fine;
}
