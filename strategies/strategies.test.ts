import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { HarnessError } from '../harness/base/errors.ts';
import { type PolicyChange, referencePolicy } from '../harness/contract/policy.ts';
import { ms, setting } from '../harness/contract/setting.ts';
import type { ScenarioFacts, StrategyChoice } from '../harness/contract/strategy.ts';
import { changeFault, combinePolicies } from './combine.ts';
import { strategyFaults } from './conformance.ts';
import { evict } from './evict.ts';
import { strategies } from './index.ts';
import { loadPart } from './load-strategy.ts';
import { longIdle } from './long-idle.ts';
import { resolveChoices } from './resolve-strategy.ts';
import { retry } from './retry.ts';

const example = join(import.meta.dirname, '../examples/evict-half.ts');
const { strategy: usersOwn } = await loadPart({ use: example, options: {} });

const facts: ScenarioFacts = {
  rttMs: 10,
  serverIdleTimeoutMs: 500,
  peerIdleTimeoutMs: 500,
  gapMaxMs: 620,
  serverLagMs: 30,
  clientLagMs: 20,
};

const anyFacts = fc.record({
  rttMs: fc.double({ min: 0, max: 1_000, noNaN: true }),
  serverIdleTimeoutMs: fc.integer({ min: 1, max: 86_400_000 }),
  gapMaxMs: fc.double({ min: 0, max: 86_400_000, noNaN: true }),
  serverLagMs: fc.double({ min: 0, max: 10_000, noNaN: true }),
  clientLagMs: fc.double({ min: 0, max: 10_000, noNaN: true }),
  peerIdleTimeoutMs: fc.integer({ min: 1, max: 86_400_000 }),
});

test.each([...strategies, usersOwn])('$id conforms under any facts', (strategy) => {
  fc.assert(
    fc.property(anyFacts, (some) => {
      expect(strategyFaults(strategy, some)).toEqual([]);
    }),
  );
});

test.each(strategies)('$id is the name of its file', ({ id }) => {
  expect(existsSync(join(import.meta.dirname, `${id}.ts`))).toBe(true);
});

const sound = {
  id: 'sound',
  title: 'Sound',
  summary: 'Does something, at a cost.',
  options: {},
  policy: (): PolicyChange => ({}),
};
let asked = 0;

test.each([
  [{ id: 'Not Kebab' }, 'kebab'],
  [{ title: ' ' }, 'title is empty'],
  [{ summary: 'no sentence' }, 'one sentence'],
  [{ summary: 'Two. Sentences.' }, 'one sentence'],
  [{ options: { timeout: setting(ms(0), 5, 'A time.') } }, 'lacks its unit'],
  [{ policy: () => ({ connection: { idleTimeoutMs: Number.NaN } }) }, 'idleTimeoutMs = NaN'],
  [{ policy: () => ({ connection: { idleTimeoutMs: 501 } }) }, 'longer than the server'],
  [{ policy: () => ({ retry: { attemptsMax: 2 } }) }, 'on nothing'],
  [{ policy: () => ({ connection: { reuse: true } }) }, 'connection.reuse to what the reference has'],
  [{ policy: () => ({ connection: { ageMaxMs: ++asked } }) }, 'two answers'],
  [{ policy: (_: unknown, given: ScenarioFacts) => Object.assign(given, { rttMs: 0 }) && {} }, 'read only'],
])('strategyFaults() finds what is wrong with %j: %s', (wrong, fault) => {
  const faults = strategyFaults({ ...sound, ...wrong }, facts);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(fault);
  expect(strategyFaults(sound, facts)).toEqual([]);
});

async function policy(use: string, options = {}) {
  const parts = use.split('+').map((part) => ({ use: part, options }));
  const [choice] = await resolveChoices([{ label: use, parts }]);
  return choice.policyFor(facts);
}

const reference = referencePolicy(500);

test.each([
  ['reuse', {}, reference],
  ['short-lived', {}, { ...reference, connection: { ...reference.connection, reuse: false } }],
  ['long-idle', {}, { ...reference, server: { idleTimeoutMs: 1_680 } }],
  ['long-idle', { idleTimeoutMs: 9_000 }, { ...reference, server: { idleTimeoutMs: 9_000 } }],
  ['evict', {}, { ...reference, connection: { ...reference.connection, idleTimeoutMs: 440 } }],
  ['evict', { marginMs: 700 }, { ...reference, connection: { ...reference.connection, idleTimeoutMs: 0 } }],
  [
    'evict',
    { marginMs: 20, source: 'hint', checkedAt: 'timer' },
    {
      ...reference,
      connection: { ...reference.connection, idleTimeoutMs: 480, idleCheck: 'timer', hintMarginMs: 20 },
    },
  ],
  ['tcp-probes', {}, { ...reference, connection: { ...reference.connection, tcpKeepAliveMs: 1_000 } }],
  ['retry', {}, { ...reference, retry: { ...reference.retry, attemptsMax: 2, on: ['idle-race'] } }],
  [
    'retry',
    { attemptsMax: 3, connection: 'pooled', methods: ['PUT'], backoffMs: 5, idempotencyKey: true },
    {
      ...reference,
      retry: {
        attemptsMax: 3,
        methods: ['PUT'],
        on: ['idle-race'],
        connection: 'pooled',
        backoffMs: 5,
        idempotencyKey: true,
      },
    },
  ],
  [
    'evict+retry',
    {},
    {
      ...reference,
      connection: { ...reference.connection, idleTimeoutMs: 440 },
      retry: { ...reference.retry, attemptsMax: 2, on: ['idle-race'] },
    },
  ],
])('%s with %j gives the smallest difference from the reference', async (use, options, expected) => {
  expect(await policy(use, options)).toEqual(expected);
});

test('evict goes by the timeout of what the client talks to, long-idle by the target’s', () => {
  const behindBalancer = { ...facts, peerIdleTimeoutMs: 75_000 };
  expect(evict.policy({}, behindBalancer)).toEqual({ connection: { idleTimeoutMs: 74_940 } });
  expect(longIdle.policy({}, behindBalancer)).toEqual({ server: { idleTimeoutMs: 1_680 } });
  expect(evict.policy({}, { ...facts, peerIdleTimeoutMs: null })).toEqual({});
});

test('long-idle leaves a timeout alone that is long enough already', () => {
  expect(longIdle.policy({ idleTimeoutMs: null }, { ...facts, serverIdleTimeoutMs: 2_000 })).toEqual({});
});

test('retry leaves the knobs alone that it does not change, so that others can set them', () => {
  const change = retry.policy({}, facts);
  const patient = { label: 'patient', change: { retry: { backoffMs: 20 } } };
  expect(combinePolicies(reference, [{ label: 'retry', change }, patient]).retry).toEqual({
    ...reference.retry,
    attemptsMax: 2,
    on: ['idle-race'],
    backoffMs: 20,
  });
});

test('combinePolicies() names both strategies, the knob and both values of a conflict', () => {
  const changes = [
    { label: 'a', change: { connection: { idleTimeoutMs: 1 } } },
    { label: 'b', change: { connection: { idleTimeoutMs: 2 } } },
  ];
  expect(() => combinePolicies(reference, changes)).toThrow(
    '"a" and "b" cannot be combined: both set connection.idleTimeoutMs, to 1 and to 2.',
  );
  expect(combinePolicies(reference, [changes[0], changes[0]]).connection.idleTimeoutMs).toBe(1);
});

async function refusal(choice: StrategyChoice): Promise<HarnessError> {
  try {
    const [resolved] = await resolveChoices([choice]);
    resolved.policyFor(facts);
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

const one = (use: string, options = {}) => ({ label: use, parts: [{ use, options }] });

test.each([
  [one('evcit'), 'strategy-unknown', ['"evcit"', 'Did you mean "evict"', './evcit.ts']],
  [one('evict', { margin: 1 }), 'config-invalid', ['"margin"', 'Did you mean "marginMs"']],
  [one('evict', { marginMs: 'x' }), 'config-invalid', ['"marginMs"', '"x"']],
  [one('evict', { source: 'guess' }), 'config-invalid', ['source', "'scenario' or 'hint'", 'guess']],
  [one('tcp-probes', { intervalMs: 500 }), 'config-invalid', ['intervalMs', '1000', '500']],
  [one('reuse', { x: 1 }), 'config-invalid', ['"x"', 'it has none']],
  [one('retry', { methods: 5 }), 'config-invalid', ['"methods"', '5']],
  [one('retry', { methods: ['post'] }), 'config-invalid', ['"methods"', 'capitals', '["post"]']],
  [one('retry', { backoffMs: -1 }), 'config-invalid', ['"backoffMs"', '-1']],
  [one('long-idle', { idleTimeoutMs: 100 }), 'config-invalid', ['"idleTimeoutMs"', '500', '100']],
  [one('/nowhere/mine.ts'), 'strategy-unknown', ['"/nowhere/mine.ts"']],
])('resolveChoices() refuses %j', async (choice, code, words) => {
  const error = await refusal(choice);
  expect(error.code).toBe(code);
  for (const word of words) expect(error.message).toContain(word);
});

// With a blank in it: Node writes it escaped into some stack frames and plain into others.
const folder = mkdtempSync(join(tmpdir(), 'idlerace strategies-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test.each([
  ['throws.ts', "throw new Error('no luck');", 'no luck'],
  ['empty.ts', 'export const x = 1;', 'no default export'],
  ['shape.ts', "export default { id: 'x' };", 'needs id, title'],
  ['syntax.ts', 'export default {', 'importing it failed'],
  [
    'policy.ts',
    "export default { id: 'x', title: 'X', summary: 'X.', defaults: {}, policy() { throw new Error('later'); } };",
    'later',
  ],
  [
    'knob.ts',
    "export default { id: 'x', title: 'X', summary: 'X.', defaults: {}, policy: () => ({ connection: { idle: 1 } }) };",
    'there is no such knob',
  ],
])('a file of one’s own that is wrong (%s) is named, with the reason', async (name, text, reason) => {
  const path = file(name, text);
  const error = await refusal(one(path));
  expect(error.code).toBe('strategy-broken');
  expect(error.message).toContain(path);
  expect(error.message).toContain(reason);
});

test('an error within a file of one’s own names the line', async () => {
  const path = file(
    'line.ts',
    "const late = () => {\n  throw new Error('late');\n};\nexport default { id: 'x', title: 'X', summary: 'X.', defaults: {}, policy: late };",
  );
  expect((await refusal(one(path))).message).toContain('late (line 2)');
});

test.each([
  [undefined, 'its policy() returned undefined'],
  [Promise.resolve({}), 'its policy() returned Promise'],
  [{ connection: null }, 'connection = null'],
  [{ network: {} }, '"network"'],
  [{ connection: { reuse: 'no' } }, "connection.reuse = 'no': expected true or false"],
  [{ connection: { pick: 'random' } }, "'lifo' or 'fifo'"],
  [{ connection: { idleTimeoutMs: 5n } }, 'connection.idleTimeoutMs = 5n'],
  [{ connection: { idleTimeoutMs: Number.POSITIVE_INFINITY } }, '= Infinity'],
  [{ connection: { idleTimeoutMs: undefined } }, 'must be left out'],
  [{ connection: { requestsMax: 0 } }, 'a whole number from 1'],
  [{ connection: { tcpKeepAliveMs: 999 } }, 'a number of ms from 1000'],
  [{ retry: { attemptsMax: 1.5 } }, 'a whole number from 1'],
  [{ retry: { methods: ['post'] } }, 'capitals'],
  [{ retry: { on: ['idle'] } }, 'idle-race'],
  [{ server: { idleTimeoutMs: 0 } }, 'a number of ms from 1 '],
  [{ server: { idleTimeoutMs: 2 ** 31 } }, 'to 2147483647'],
])('changeFault() refuses %o', (change, words) => {
  expect(changeFault(change)).toContain(words);
});

test('changeFault() lets the reference and the borders pass', () => {
  expect(changeFault(reference)).toBeNull();
  expect(changeFault({ connection: undefined, server: { idleTimeoutMs: 2 ** 31 - 1 } })).toBeNull();
});

test('a file of one’s own runs by its path, with options', async () => {
  const choices = await resolveChoices([
    { label: 'mine', parts: [{ use: example, options: { share: 0.25 } }] },
    { label: 'Mine!', parts: [{ use: example, options: {} }] },
  ]);
  expect(choices.map(({ id }) => id)).toEqual(['mine', 'mine-2']);
  expect(choices.map((choice) => choice.policyFor(facts).connection.idleTimeoutMs)).toEqual([125, 250]);
});

test('the variants of a choice take every value of closed options, those with the fewest changes first', async () => {
  const [choice] = await resolveChoices([
    {
      label: 'both',
      parts: [
        { use: 'evict', options: { marginMs: 20 } },
        { use: 'retry', options: { connection: 'pooled' } },
      ],
    },
  ]);
  const labels = choice.variants.map(({ label }) => label);
  expect(labels).toHaveLength(2 ** 4 - 1);
  expect(labels.slice(0, 4)).toEqual([
    'evict(marginMs=20)+retry(connection=pooled, idempotencyKey=true)',
    'evict(marginMs=20)+retry(connection=fresh)',
    'evict(marginMs=20, checkedAt=timer)+retry(connection=pooled)',
    'evict(marginMs=20, source=hint)+retry(connection=pooled)',
  ]);
  expect(choice.variants[2].policyFor(facts).connection).toMatchObject({
    idleTimeoutMs: 480,
    idleCheck: 'timer',
  });
});

test('a choice of many parts resolves without its variants, of which there are four to the power of its parts', async () => {
  const parts = Array.from({ length: 40 }, () => ({ use: 'evict', options: {} }));
  const [choice] = await resolveChoices([{ label: 'many', parts }]);
  expect(choice.policyFor(facts)).toEqual(
    (await resolveChoices([{ label: 'one', parts: parts.slice(1, 2) }]))[0].policyFor(facts),
  );
});
