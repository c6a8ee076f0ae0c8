import { expect, test } from 'vitest';
import { behindBalancerInput, emptyInput, fixtureInput, sweepInput } from '../../test/fixtures/summary.ts';
import { summaryJsonSchema, summarySchema } from './summary-schema.ts';

const inputs = { fixtureInput, sweepInput, behindBalancerInput, emptyInput };

test.each(Object.entries(inputs))('summarySchema accepts the summary of %s, written and read', (_, input) => {
  const written: unknown = JSON.parse(JSON.stringify(input().summary));
  expect(summarySchema.safeParse(written).error).toBeUndefined();
});

test('summarySchema refuses another version, an unknown word, and a field that it does not know', () => {
  const { summary } = fixtureInput();
  const text = JSON.stringify(summary);
  const changes = [
    text.replace('"schemaVersion":2', '"schemaVersion":1'),
    text.replaceAll('"word":"undecided"', '"word":"not-enough-data"'),
    text.replace('"seed":', '"seeds":'),
  ];
  for (const changed of changes) {
    expect(changed).not.toBe(text);
    expect(summarySchema.safeParse(JSON.parse(changed)).success).toBe(false);
  }
});

test('summaryJsonSchema() names and describes its parts, and leaves room for fields of later versions', () => {
  const text = JSON.stringify(summaryJsonSchema());
  expect(summaryJsonSchema()).toMatchObject({
    title: 'idlerace summary',
    properties: { schemaVersion: { const: 2 } },
    required: ['schemaVersion', 'run', 'scenarios', 'warnings'],
  });
  for (const name of [
    'Estimate',
    'RateEstimate',
    'Verdict',
    'Strategy',
    'Trial',
    'RunConfig',
    'Distribution',
  ]) {
    expect(text).toContain(`"#/$defs/${name}"`);
  }
  expect(text).not.toContain('"additionalProperties":false');
  expect(text).toContain('slightly-worse');
});
