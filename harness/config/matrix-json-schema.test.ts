import { expect, test } from 'vitest';
import { z } from 'zod';
import { ms, oneOf, orNull, setting } from '../contract/setting.ts';
import { strategy } from '../contract/strategy.ts';
import { matrixJsonSchema } from './matrix-json-schema.ts';

/** Every property below `schema` with its path, whatever stands between. */
function properties(schema: unknown, path: string): [string, unknown][] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (key !== 'properties') return properties(value, path);
    return Object.entries(value).flatMap(([name, property]): [string, unknown][] => [
      [`${path}.${name}`, property],
      ...properties(property, `${path}.${name}`),
    ]);
  });
}

test('matrixJsonSchema() describes every field', () => {
  const all = properties(matrixJsonSchema([]), 'matrix');
  expect(all.length).toBeGreaterThan(40);
  const silent = all.filter(([, schema]) => {
    const description: unknown =
      typeof schema === 'object' && schema !== null && Reflect.get(schema, 'description');
    return typeof description !== 'string' || description === '';
  });
  expect(silent.map(([path]) => path)).toEqual([]);
});

test('matrixJsonSchema() demands only what has no default', () => {
  expect(matrixJsonSchema([]).required).toEqual(['target', 'traffic', 'strategies']);
});

test.each([
  [{ uniform: ['80%', '110%'] }, true],
  [{ uniform: ['100ms', '110%'] }, true],
  ['90 %', true],
  ['500ms', true],
  ['90', false],
  [{ uniform: ['80%', 'soon'] }, false],
])('matrixJsonSchema() of a gap of %j: %s, as an editor would say', (gap, isValid) => {
  const target = { kind: 'embedded', idleTimeout: '500ms' };
  const traffic = { kind: 'think-time', clients: 1, gap };
  const { success } = z
    .fromJSONSchema(matrixJsonSchema([]))
    .safeParse({ target, traffic, strategies: ['reuse'] });
  expect(success).toBe(isValid);
});

test('matrixJsonSchema() has the options of each strategy, with rule, default and sentence', () => {
  const schema = matrixJsonSchema([
    strategy({
      id: 'some',
      title: 'Some',
      summary: 'Does something.',
      options: {
        waitMs: setting(orNull(ms(5)), null, 'How long.'),
        mode: setting(oneOf('a', 'b'), 'a', 'Which.'),
      },
      policy: () => ({}),
    }),
  ]);
  const [, entry] = z
    .object({
      properties: z.object({ strategies: z.object({ items: z.object({ anyOf: z.array(z.any()) }) }) }),
    })
    .parse(schema).properties.strategies.items.anyOf;
  const [rule] = entry.allOf;
  expect(rule.if).toEqual({ properties: { use: { const: 'some' } } });
  expect(rule).toHaveProperty('then.properties.options', {
    properties: {
      waitMs: {
        anyOf: [{ type: 'number', minimum: 5, maximum: 2 ** 31 - 1 }, { type: 'null' }],
        default: null,
        description: 'How long.',
      },
      mode: { type: 'string', enum: ['a', 'b'], default: 'a', description: 'Which.' },
    },
    additionalProperties: false,
  });
});
