/**
 * Writes down what the client says, as numbers in columns sized from the load plan.
 *
 * Nothing here allocates between reading the clock and writing the cell, formats, or decides; the
 * summary thinks later. Deaths and connections are not known beforehand, so those columns grow.
 */
import { assert } from '../base/assert.ts';
import { GrowingColumn } from '../base/columns/growing-column.ts';
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
} from '../contract/samples.ts';

const notDone = 255;

export class ColumnRecorder implements Recorder {
  readonly #clock: Clock;
  readonly #startNs: number;
  readonly requests: RequestColumns;
  readonly #deaths = {
    request: new GrowingColumn(Uint32Array),
    attempt: new GrowingColumn(Uint8Array),
    outcome: new GrowingColumn(Uint8Array),
    sign: new GrowingColumn(Uint8Array),
    connection: new GrowingColumn(Uint32Array),
    reused: new GrowingColumn(Uint8Array),
    idleAgeNs: new GrowingColumn(Float64Array),
    sentNs: new GrowingColumn(Float64Array),
    diedNs: new GrowingColumn(Float64Array),
    bytesWritten: new GrowingColumn(Uint32Array),
    bytesRead: new GrowingColumn(Uint32Array),
  };
  readonly #connections = {
    client: new GrowingColumn(Uint32Array),
    localPort: new GrowingColumn(Uint16Array),
    openedNs: new GrowingColumn(Float64Array),
    connectedNs: new GrowingColumn(Float64Array),
    closedNs: new GrowingColumn(Float64Array),
    requests: new GrowingColumn(Uint32Array),
    cause: new GrowingColumn(Uint8Array),
  };
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
    const rows = plan.client.length;
    this.requests = {
      startedNs: new Float64Array(rows).fill(Number.NaN),
      sentNs: new Float64Array(rows).fill(Number.NaN),
      lastSentNs: new Float64Array(rows).fill(Number.NaN),
      doneNs: new Float64Array(rows).fill(Number.NaN),
      outcome: new Uint8Array(rows).fill(notDone),
      attempts: new Uint8Array(rows),
      status: new Uint16Array(rows),
      connection: new Uint32Array(rows),
      reused: new Uint8Array(rows),
      idleAgeNs: new Float64Array(rows).fill(Number.NaN),
    };
  }

  nowNs(): number {
    return this.#clock.nowNs() - this.#startNs;
  }

  /** The engine's own entry, right before the fleet is told to start. */
  requestStarted(request: number): void {
    this.requests.startedNs[request] = this.nowNs();
  }

  connectionOpened(client: number): number {
    const columns = this.#connections;
    columns.client.push(client);
    columns.localPort.push(0);
    columns.openedNs.push(this.nowNs());
    columns.connectedNs.push(Number.NaN);
    columns.closedNs.push(Number.NaN);
    columns.requests.push(0);
    columns.cause.push(0);
    this.#open++;
    if (this.#open > this.#openMax) this.#openMax = this.#open;
    return columns.client.length - 1;
  }

  connectionConnected(connection: number, localPort: number): void {
    this.#connections.connectedNs.set(connection, this.nowNs());
    this.#connections.localPort.set(connection, localPort);
  }

  connectionClosed(connection: number, cause: CloseCause): void {
    assert(Number.isNaN(this.#connections.closedNs.at(connection)), 'a connection closes once');
    this.#connections.closedNs.set(connection, this.nowNs());
    this.#connections.cause.set(connection, closeCauses.indexOf(cause));
    this.#open--;
  }

  attemptSent(request: number, attempt: number, connection: number, idleAgeNs: number): void {
    const sentNs = this.nowNs();
    const requests = this.requests;
    if (attempt === 1) {
      requests.sentNs[request] = sentNs;
      requests.idleAgeNs[request] = idleAgeNs;
      requests.reused[request] = Number.isNaN(idleAgeNs) ? 0 : 1;
    }
    requests.lastSentNs[request] = sentNs;
    requests.attempts[request] = attempt;
    requests.connection[request] = connection;
    this.#connections.requests.set(connection, this.#connections.requests.at(connection) + 1);
    this.#attempts++;
  }

  attemptDied(death: AttemptDeath): void {
    const columns = this.#deaths;
    columns.diedNs.push(this.nowNs());
    columns.request.push(death.request);
    columns.attempt.push(death.attempt);
    columns.outcome.push(outcomeCode[death.outcome]);
    columns.sign.push(deathSigns.indexOf(death.sign));
    columns.connection.push(death.connection);
    columns.reused.push(Number.isNaN(death.idleAgeNs) ? 0 : 1);
    columns.idleAgeNs.push(death.idleAgeNs);
    columns.sentNs.push(death.sentNs);
    columns.bytesWritten.push(death.bytesWritten);
    columns.bytesRead.push(death.bytesRead);
  }

  attemptAnswered(request: number, status: number): void {
    this.requests.status[request] = status;
    this.#answered++;
  }

  requestDone(request: number, outcome: Outcome): void {
    assert(this.requests.outcome[request] === notDone, 'a request is done once');
    this.requests.doneNs[request] = this.nowNs();
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
    return exact(this.#deaths);
  }

  get connections(): ConnectionColumns {
    return exact(this.#connections);
  }
}

/** The columns of a table, each cut to what was pushed. */
function exact<
  Table extends Record<
    string,
    | GrowingColumn<Float64Array>
    | GrowingColumn<Uint32Array>
    | GrowingColumn<Uint16Array>
    | GrowingColumn<Uint8Array>
  >,
>(table: Table): { [Name in keyof Table]: ReturnType<Table[Name]['toArray']> } {
  return Object.fromEntries(Object.entries(table).map(([name, column]) => [name, column.toArray()])) as {
    [Name in keyof Table]: ReturnType<Table[Name]['toArray']>;
  };
}
