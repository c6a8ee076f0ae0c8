/** Makes the JSON Schema of the matrix file from its validator and from the options of the strategies. */
import { z } from 'zod';
import type { Strategy } from '../contract/strategy.ts';
import { matrix, strategyEntry } from './matrix-schema.ts';

export function matrixJsonSchema(strategies: readonly Strategy[]): Record<string, unknown> {
  const schema = z.toJSONSchema(matrix, {
    io: 'input',
    target: 'draft-2020-12',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema === strategyEntry) jsonSchema.allOf = strategies.map(optionsOf);
    },
  });
  return { title: 'idlerace matrix', ...schema };
}

function optionsOf({ id, options }: Strategy) {
  const properties = Object.entries(options).map(([name, { schema, says, default: initial }]) => [
    name,
    { ...schema, description: says, default: initial },
  ]);
  return {
    if: { properties: { use: { const: id } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      properties: { options: { properties: Object.fromEntries(properties), additionalProperties: false } },
    },
  };
}
