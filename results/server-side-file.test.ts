/** What is written of the server side is read again, and what was not available stays null. */
import { expect, test } from 'vitest';
import { decodeColumns, encodeColumns } from '../harness/base/columns/columns.ts';
import { emptyTable } from '../harness/base/columns/tables.ts';
import { balancerLayout } from '../harness/contract/balancer.ts';
import { resourceLayout } from '../harness/contract/resources.ts';
import { connectionTimesLayout, ledgerLayout } from '../harness/contract/target.ts';
import { wireLayout } from '../harness/contract/wire.ts';
import { decodeServerSide, encodeServerSide } from './server-side-file.ts';

type ServerSide = Parameters<typeof encodeServerSide>[0];

const full: ServerSide = {
  target: {
    ledger: emptyTable(ledgerLayout, 3),
    ...emptyTable(connectionTimesLayout, 2),
    connectionsOpenMax: 2,
    eventLoopDelayMsP99: null,
    idleTimerLatenessNs: Float64Array.of(-5, 7),
  },
  wire: { ...emptyTable(wireLayout, 1), connections: 1, latenessMs: { p50: 0.1, p99: 0.2, max: 0.3 } },
  balancer: emptyTable(balancerLayout, 3),
  resources: { atNs: Float64Array.of(1, 2), ...emptyTable(resourceLayout, 2), fds: null },
};
const withoutTimes = { connectionOpenedNs: null, connectionClosedNs: null };

test.each<[string, ServerSide]>([
  ['everything', full],
  ['nothing', { target: null, wire: null, balancer: null, resources: null }],
  ['a target without times', { ...full, target: full.target && { ...full.target, ...withoutTimes } }],
])('decodeServerSide() reads %s as it was written', (_, written) => {
  const bytes = encodeColumns(encodeServerSide(written));
  expect(decodeServerSide(decodeColumns(bytes, 'x'), 'x')).toEqual(written);
});

test('decodeServerSide() names the column that is missing', () => {
  const file = encodeServerSide(full);
  const { 'ledger.answers': _, ...columns } = file.columns;
  expect(() => decodeServerSide({ ...file, columns }, 'x')).toThrow('no column "ledger.answers"');
});
