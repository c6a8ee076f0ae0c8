/**
 * Writes down what the client says, as numbers in columns sized from the load plan.
 *
 * Nothing here allocates between reading the clock and writing the cell, formats, or decides; the
 * summary thinks later. Deaths and connections are not known beforehand, so those columns grow.
 */
import { assert } from '../base/assert.ts';
import { emptyTable, GrowingTable } from '../base/columns/tables.ts';
import type { Clock } from '../base/time/clock.ts';
import type { AttemptDeath, Recorder } from '../contract/client-kind.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import { type Outcome, outcomeCode } from '../contract/outcome.ts';
import {
  type CloseCause,
  type ConnectionColumns,
  closeCauses,
  type DeathColumns,
  deathSigns,
  type GeneratorCounters,
  type RequestColumns,
  samplesLayout,
} from '../contract/samples.ts';

const notDone = 255;

export class ColumnRecorder implements Recorder {
  readonly #clock: Clock;
  readonly #startNs: number;
  readonly requests: RequestColumns;
  readonly #deaths = new GrowingTable(samplesLayout.deaths);
  readonly #connections = new GrowingTable(samplesLayout.connections);
  #attempts = 0;
  #answered = 0;
  #open = 0;
  #openMax = 0;
  /** Requests told to be over, ever. */
  doneCount = 0;

  /** @param startNs CLOCK_MONOTONIC ns of the plan's time 0. */
  constructor(plan: LoadPlan, clock: Clock, startNs: number) {
    this.#clock = clock;
    this.#startNs = startNs;
    this.requests = emptyTable(samplesLayout.requests, plan.client.length);
    this.requests.outcome.fill(notDone);
  }

  nowNs(): number {
    return this.#clock.nowNs() - this.#startNs;
  }

  /** The engine's own entry, right before the fleet is told to start. */
  requestStarted(request: number, startedNs = this.nowNs()): void {
    this.requests.startedNs[request] = startedNs;
  }

  connectionOpened(client: number): number {
    const openedNs = this.nowNs();
    const row = this.#connections.add();
    this.#connections.columns.client.set(row, client);
    this.#connections.columns.openedNs.set(row, openedNs);
    this.#open++;
    if (this.#open > this.#openMax) this.#openMax = this.#open;
    return row;
  }

  connectionConnected(connection: number, localPort: number): void {
    this.#connections.columns.connectedNs.set(connection, this.nowNs());
    this.#connections.columns.localPort.set(connection, localPort);
  }

  connectionClosed(connection: number, cause: CloseCause): void {
    const { closedNs, cause: causes } = this.#connections.columns;
    assert(Number.isNaN(closedNs.at(connection)), 'a connection closes once');
    closedNs.set(connection, this.nowNs());
    causes.set(connection, closeCauses.indexOf(cause));
    this.#open--;
  }

  attemptSent(
    request: number,
    attempt: number,
    connection: number,
    idleAgeNs: number,
    sentNs = this.nowNs(),
  ): void {
    const requests = this.requests;
    if (attempt === 1) {
      requests.sentNs[request] = sentNs;
      requests.idleAgeNs[request] = idleAgeNs;
      requests.reused[request] = Number.isNaN(idleAgeNs) ? 0 : 1;
    }
    requests.lastSentNs[request] = sentNs;
    requests.attempts[request] = attempt;
    requests.connection[request] = connection;
    const carried = this.#connections.columns.requests;
    carried.set(connection, carried.at(connection) + 1);
    this.#attempts++;
  }

  attemptDied(death: AttemptDeath): void {
    const diedNs = this.nowNs();
    const row = this.#deaths.add();
    const { columns } = this.#deaths;
    columns.diedNs.set(row, diedNs);
    columns.request.set(row, death.request);
    columns.attempt.set(row, death.attempt);
    columns.outcome.set(row, outcomeCode[death.outcome]);
    columns.sign.set(row, deathSigns.indexOf(death.sign));
    columns.connection.set(row, death.connection);
    columns.reused.set(row, Number.isNaN(death.idleAgeNs) ? 0 : 1);
    columns.idleAgeNs.set(row, death.idleAgeNs);
    columns.sentNs.set(row, death.sentNs);
    columns.bytesWritten.set(row, death.bytesWritten);
    columns.bytesRead.set(row, death.bytesRead);
  }

  attemptAnswered(request: number, status: number): void {
    this.requests.status[request] = status;
    this.#answered++;
  }

  requestDone(request: number, outcome: Outcome, doneNs = this.nowNs()): void {
    assert(this.requests.outcome[request] === notDone, 'a request is done once');
    this.requests.doneNs[request] = doneNs;
    this.requests.outcome[request] = outcomeCode[outcome];
    this.doneCount++;
  }

  /**
   * Marks the rows that were never started as `dropped`; a closed loop's are not scheduled at all.
   * @param rows Those that this process had to send.
   */
  finish(rows: Iterable<number>, started: number, closedLoop: boolean): GeneratorCounters {
    const { outcome } = this.requests;
    let dropped = 0;
    for (const row of rows) {
      if (outcome[row] !== notDone || closedLoop) continue;
      outcome[row] = outcomeCode.dropped;
      dropped++;
    }
    return { attempts: this.#attempts, started, dropped, answered: this.#answered, openMax: this.#openMax };
  }

  get deaths(): DeathColumns {
    return this.#deaths.toTable();
  }

  get connections(): ConnectionColumns {
    return this.#connections.toTable();
  }
}
