/**
 * One load plan, several generators: client c belongs to generator c mod N, so that each has clients of every
 * age and phase. All read the same plan file and keep its row numbers, so the ledger, the laws and the
 * fingerprint know nothing of it.
 */
import { emptyTable, mapTable } from '../base/columns/tables.ts';
import type { ClientShare } from '../contract/client-kind.ts';
import type { TableLayout, TableOf } from '../contract/columns.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import {
  type ConnectionColumns,
  type DeathColumns,
  type GeneratorReport,
  type RequestColumns,
  samplesLayout,
} from '../contract/samples.ts';

/** The plan's rows of this share, in the plan's order. */
export function rowsOfShare({ client }: LoadPlan, { index, count }: ClientShare): Uint32Array {
  const rows: number[] = [];
  for (let row = 0; row < client.length; row++) if (client[row] % count === index) rows.push(row);
  return Uint32Array.from(rows);
}

/**
 * The reports of all generators as the one that a single generator would have left.
 * @param reports In the order of their shares; all with the same `startNs`.
 */
export function mergeReports(plan: LoadPlan, reports: readonly GeneratorReport[]): GeneratorReport {
  if (reports.length === 1) return reports[0];
  const { connections, rowOf } = mergeConnections(reports);
  const deaths = mergeDeaths(reports, rowOf);
  const sum = (name: 'attempts' | 'started' | 'dropped' | 'answered') =>
    reports.reduce((total, { counters }) => total + counters[name], 0);
  const largest = (of: (report: GeneratorReport) => number) => Math.max(...reports.map(of));
  return {
    startNs: reports[0].startNs,
    counters: {
      attempts: sum('attempts'),
      started: sum('started'),
      dropped: sum('dropped'),
      answered: sum('answered'),
      openMax: mostOpen(connections),
    },
    requests: mergeRequests(plan, reports, rowOf),
    deaths,
    connections,
    // The busiest and the most held up: what one process could not do, the others do not make good.
    cpuShare: largest(({ cpuShare }) => cpuShare),
    eventLoopDelayMsP99: largest(({ eventLoopDelayMsP99 }) => eventLoopDelayMsP99),
  };
}

/** Where a generator's connection went: its row → the row among all. */
type RowOf = readonly Uint32Array[];

function mergeRequests(plan: LoadPlan, reports: readonly GeneratorReport[], rowOf: RowOf): RequestColumns {
  const merged = mapTable(reports[0].requests, (column) => column.slice());
  for (const [index, { requests }] of reports.entries()) {
    for (const row of rowsOfShare(plan, { index, count: reports.length })) {
      for (const name of Object.keys(merged) as (keyof RequestColumns)[]) {
        merged[name][row] = requests[name][row];
      }
      // A request that was never sent has no connection; its cell is 0 and stays so.
      if (requests.attempts[row] > 0) merged.connection[row] = rowOf[index][requests.connection[row]];
    }
  }
  return merged;
}

/** In the order of opening, as a single generator numbers them. */
function mergeConnections(reports: readonly GeneratorReport[]): {
  connections: ConnectionColumns;
  rowOf: RowOf;
} {
  const order = inOrder(reports, ({ connections }) => connections.openedNs);
  const rowOf = reports.map(({ connections }) => new Uint32Array(connections.openedNs.length));
  for (const [row, { report, at }] of order.entries()) rowOf[report][at] = row;
  const connections = gathered(
    samplesLayout.connections,
    reports.map((report) => report.connections),
    order,
  );
  return { connections, rowOf };
}

function mergeDeaths(reports: readonly GeneratorReport[], rowOf: RowOf): DeathColumns {
  const order = inOrder(reports, ({ deaths }) => deaths.diedNs);
  const deaths = gathered(
    samplesLayout.deaths,
    reports.map((report) => report.deaths),
    order,
  );
  for (const [row, { report }] of order.entries()) {
    deaths.connection[row] = rowOf[report][deaths.connection[row]];
  }
  return deaths;
}

interface Place {
  readonly report: number;
  readonly at: number;
}

/** All rows by time; equal moments keep the generators' order. */
function inOrder(
  reports: readonly GeneratorReport[],
  timeOf: (report: GeneratorReport) => Float64Array,
): Place[] {
  const times = reports.map(timeOf);
  return times
    .flatMap((column, report) => [...column.keys()].map((at) => ({ report, at })))
    .sort((a, b) => times[a.report][a.at] - times[b.report][b.at] || a.report - b.report);
}

/** The tables' rows in that order. */
function gathered<Layout extends TableLayout>(
  layout: Layout,
  tables: readonly TableOf<Layout>[],
  order: readonly Place[],
): TableOf<Layout> {
  const all = emptyTable(layout, order.length);
  for (const name of Object.keys(layout)) {
    for (const [row, { report, at }] of order.entries()) all[name][row] = tables[report][name][at];
  }
  return all;
}

/** Replays opening and closing; where both fall on one moment the closing counts first. */
function mostOpen({ openedNs, closedNs }: ConnectionColumns): number {
  const opened = openedNs.slice().sort();
  const closed = closedNs.filter((atNs) => !Number.isNaN(atNs)).sort();
  let most = 0;
  let gone = 0;
  for (const [index, atNs] of opened.entries()) {
    while (gone < closed.length && closed[gone] <= atNs) gone++;
    most = Math.max(most, index + 1 - gone);
  }
  return most;
}
