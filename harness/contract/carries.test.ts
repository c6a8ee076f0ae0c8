/** Refusals as they follow from a table, and from what a driver answers. */
import { expect, test } from 'vitest';
import { changedKnobs, fully, generatorRefusals, not, partly, refusalsOf } from './carries.ts';
import { type Policy, type PolicyChange, referencePolicy } from './policy.ts';

const withChange = ({ connection, retry }: PolicyChange): Policy => {
  const reference = referencePolicy(500);
  return {
    ...reference,
    connection: { ...reference.connection, ...connection },
    retry: { ...reference.retry, ...retry },
  };
};

const table = {
  'connection.reuse': fully,
  'connection.pick': not<Policy>('has one order'),
  'connection.ageMaxMs': partly<Policy>(({ connection }) =>
    connection.ageMaxMs === 0 ? 'takes no 0' : null,
  ),
  'retry.attemptsMax': not<Policy>('has no retry'),
  'retry.methods': not<Policy>('has no retry either'),
};

const retry = { attemptsMax: 2, methods: ['GET'] };

test.each<[PolicyChange, string[]]>([
  [{}, []],
  [{ connection: { reuse: false } }, []],
  [{ connection: { pick: 'fifo' } }, ['connection.pick: has one order']],
  [{ connection: { ageMaxMs: 5 } }, []],
  [{ connection: { ageMaxMs: 0 } }, ['connection.ageMaxMs: takes no 0']],
  // What says how another knob is carried out follows it.
  [{ retry }, ['retry.attemptsMax: has no retry']],
  [{ retry: { methods: ['GET'] } }, []],
])('refusalsOf() of %j', (change, reasons) => {
  const policy = withChange(change);
  expect(refusalsOf(table, changedKnobs(policy, 500), policy)).toEqual(reasons);
});

test('refusalsOf() of what says how a knob is carried out, where that knob is', () => {
  const carries = { ...table, 'retry.attemptsMax': fully };
  const policy = withChange({ retry });
  expect(refusalsOf(carries, changedKnobs(policy, 500), policy)).toEqual([
    'retry.methods: has no retry either',
  ]);
});

const unnamed = 'the driver does not name this knob in its answer to "prepare"';

test.each([
  [undefined, [`connection.pick: ${unnamed}`, `connection.tcpKeepAliveMs: ${unnamed}`]],
  [{ knobs: { 'connection.pick': true as const } }, [`connection.tcpKeepAliveMs: ${unnamed}`]],
  [
    { knobs: { 'connection.pick': 'has one order', 'connection.tcpKeepAliveMs': true as const } },
    ['connection.pick: has one order'],
  ],
  [
    // JSON of a program that is not ours.
    JSON.parse(
      '{"knobs": {"connection.pick": {"a": 1}, "connection.tcpKeepAliveMs": "\\u001b[31mno\\nprobes"}}',
    ),
    [
      'connection.pick: the driver refuses this knob and gives no reason',
      'connection.tcpKeepAliveMs: [31mno probes',
    ],
  ],
])('generatorRefusals() of %j', (answer, reasons) => {
  const policy = withChange({ connection: { pick: 'fifo', tcpKeepAliveMs: 1_000 } });
  expect(generatorRefusals(answer, policy)).toEqual(reasons);
  expect(generatorRefusals(answer, referencePolicy(500))).toEqual([]);
});
