/** When the wire passed what on, and how late: numbers in columns, read after the trial. */

import { GrowingColumn } from '../../base/columns/growing-column.ts';
import { GrowingTable } from '../../base/columns/tables.ts';
import { quantile } from '../../base/statistics/quantile.ts';
import { nsPerMs } from '../../base/units.ts';
import { type WireReport, type WireSpan, wireEvents, wireLayout } from '../../contract/wire.ts';

export class WireLog {
  readonly #events = new GrowingTable(wireLayout);
  readonly #dueNs = new GrowingColumn(Float64Array);
  readonly #latenessNs = new GrowingColumn(Float64Array);
  #connections = 0;

  add(clientPort: number, event: (typeof wireEvents)[number], atNs: number): void {
    if (event === 'accepted') this.#connections++;
    const row = this.#events.add();
    this.#events.columns.clientPort.set(row, clientPort);
    this.#events.columns.event.set(row, wireEvents.indexOf(event));
    this.#events.columns.atNs.set(row, atNs);
  }

  /** A delivery, and when it was due. */
  late(atNs: number, dueNs: number): void {
    this.#dueNs.push(dueNs);
    this.#latenessNs.push(atNs - dueNs);
  }

  report(measured: WireSpan = { fromNs: 0, toNs: Number.POSITIVE_INFINITY }): WireReport {
    const dueNs = this.#dueNs.toArray();
    const late = this.#latenessNs
      .toArray()
      .filter((_, row) => dueNs[row] >= measured.fromNs && dueNs[row] < measured.toNs)
      .sort();
    const at = (p: number) => (quantile(late, p) ?? 0) / nsPerMs;
    return {
      connections: this.#connections,
      ...this.#events.toTable(),
      latenessMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
    };
  }
}
