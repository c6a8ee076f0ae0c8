/** The JSON Schema of the matrix file, made from the one that validates it. */
import { z } from 'zod';
import { matrix } from './matrix-schema.ts';

export function matrixJsonSchema(): Record<string, unknown> {
  return { title: 'idlerace matrix', ...z.toJSONSchema(matrix, { io: 'input', target: 'draft-2020-12' }) };
}
