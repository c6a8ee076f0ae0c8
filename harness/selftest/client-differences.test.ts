/** The table of differences names clients that there are, and changes what it says that it changes. */
import { expect, test } from 'vitest';
import { clientKinds } from '../client/index.ts';
import { clientDifferences, differenceIn, withoutHints } from './client-differences.ts';
import { expectedEnd } from './fault-expectations.ts';

const all = [...Object.values(clientDifferences).flat(), ...withoutHints];

test('clientDifferences are those of clients that there are', () => {
  const ids = clientKinds.map(({ id }) => id);
  expect(Object.keys(clientDifferences).filter((id) => !ids.includes(id))).toEqual([]);
});

test.each(all)('$faults: $why', ({ faults, end }) => {
  expect([faults.length, Object.keys(end).length]).not.toContain(0);
  // Of a fault of which something is expected.
  for (const kind of faults) expectedEnd(kind, { carrier: 'reused', retried: false, different: end });
});

test('differenceIn() takes what applies, the last word of several', () => {
  const differences = [
    { faults: ['fin-executed'], end: { sign: 'other', cause: null }, why: '' },
    { faults: ['fin-executed', 'fin-unexecuted'], carrier: 'fresh', end: { sign: 'rst' }, why: '' },
    { faults: ['fin-executed'], tls: true, end: { outcome: 'tls' }, why: '' },
  ] as const;
  const plain = { tls: false } as const;
  expect(differenceIn(differences, 'fin-executed', { carrier: 'reused', ...plain })).toEqual({
    sign: 'other',
    cause: null,
  });
  expect(differenceIn(differences, 'fin-executed', { carrier: 'fresh', ...plain })).toEqual({
    sign: 'rst',
    cause: null,
  });
  expect(differenceIn(differences, 'fin-unexecuted', { carrier: 'reused', tls: true })).toEqual({});
  expect(differenceIn(differences, 'fin-executed', { carrier: 'reused', tls: true })).toMatchObject({
    outcome: 'tls',
  });
});
