/**
 * What the embedded target writes down: who was executed and answered when, which connections came
 * and went, how late its idle timer was. Numbers into arrays; nobody reads them while it runs.
 */
import { GrowingColumn } from '../base/columns/growing-column.ts';
import { emptyTable } from '../base/columns/tables.ts';
import { type Ledger, ledgerLayout } from '../contract/target.ts';

export class TargetBooks {
  readonly ledger: Ledger;
  readonly idleTimerLatenessNs = new GrowingColumn(Float64Array);
  readonly connectionOpenedNs = new GrowingColumn(Float64Array);
  readonly connectionClosedNs = new GrowingColumn(Float64Array);
  openMax = 0;
  #open = 0;

  /** @param requestCount Rows of the load plan; ids outside of it are served and not booked. */
  constructor(requestCount: number) {
    this.ledger = emptyTable(ledgerLayout, requestCount);
  }

  /** Returns the connection's row. */
  connectionOpened(nowNs: number): number {
    this.connectionOpenedNs.push(nowNs);
    this.connectionClosedNs.push(Number.NaN);
    this.#open++;
    if (this.#open > this.openMax) this.openMax = this.#open;
    return this.connectionOpenedNs.length - 1;
  }

  connectionClosed(connection: number, nowNs: number): void {
    this.connectionClosedNs.set(connection, nowNs);
    this.#open--;
  }

  executed(id: number, nowNs: number): void {
    const { executions, noticedNs } = this.ledger;
    if (!(id < executions.length)) return;
    if (executions[id] < 255) executions[id]++;
    noticedNs[id] = nowNs;
  }

  answered(id: number, nowNs: number): void {
    const { answers, answeredNs } = this.ledger;
    if (!(id < answers.length)) return;
    if (answers[id] < 255) answers[id]++;
    answeredNs[id] = nowNs;
  }
}

/** The row that an `x-request-id` names; NaN for none, or for one that is not a row. */
export function requestId(header: string | string[] | undefined): number {
  return typeof header === 'string' && /^\d{1,10}$/.test(header) ? Number(header) : Number.NaN;
}
