import { expect, test } from 'vitest';
import { z } from 'zod';
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
  const all = properties(matrixJsonSchema(), 'matrix');
  expect(all.length).toBeGreaterThan(40);
  const silent = all.filter(([, schema]) => {
    const description: unknown =
      typeof schema === 'object' && schema !== null && Reflect.get(schema, 'description');
    return typeof description !== 'string' || description === '';
  });
  expect(silent.map(([path]) => path)).toEqual([]);
});

test('matrixJsonSchema() demands only what has no default', () => {
  expect(matrixJsonSchema().required).toEqual(['target', 'traffic', 'strategies']);
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
    .fromJSONSchema(matrixJsonSchema())
    .safeParse({ target, traffic, strategies: ['reuse'] });
  expect(success).toBe(isValid);
});
