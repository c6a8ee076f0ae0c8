/** `idlerace schema`: the JSON Schema of the matrix file, or of `summary.json`. */
import { summaryJsonSchema } from '../../reports/schema/summary-schema.ts';
import { strategies } from '../../strategies/index.ts';
import { exitCodes } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { matrixJsonSchema } from '../config/matrix-json-schema.ts';

export function schemaCommand(host: Host, { summary = false }: { summary?: boolean }): number {
  const schema = summary ? summaryJsonSchema() : matrixJsonSchema(strategies);
  host.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
  return exitCodes.fine;
}
