/**
 * A fleet over undici, one dispatcher per simulated client: what `undici` and `fetch` share.
 *
 * undici hides its sockets and its attempts, so the fleet opens the sockets itself (a connector of its own) and
 * listens on undici's diagnostics channels: `request:create` names a request, `client:sendHeaders` is an attempt on a
 * socket, `request:error` its death. That shows what the library does by itself, too.
 */
import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { HarnessError } from '../base/errors.ts';
import type { ClientFleet, ClientSetup } from '../contract/client-kind.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { DeathSign } from '../contract/samples.ts';
import { hasBody, templateHeaders } from './request-bytes.ts';
import { classifyUndiciError } from './undici-errors.ts';
import { type KnownConnection, UndiciSockets } from './undici-sockets.ts';

/** A request as the library is given it. */
export interface UndiciRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
  readonly signal: AbortSignal;
}

export interface UndiciSender {
  /** Sends and reads the whole answer. @returns Its status. */
  send(client: number, request: UndiciRequest): Promise<number>;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** What happens on the diagnostics channels, as far as it is read. */
interface CreateEvent {
  readonly request: { readonly origin?: unknown; readonly headers?: unknown };
}
interface SendEvent {
  readonly request: object;
  readonly socket: Socket;
}
interface ErrorEvent {
  readonly request: object;
  readonly error: unknown;
}

interface Flight {
  readonly request: number;
  readonly controller: AbortController;
  readonly timer: NodeJS.Timeout;
  attempts: number;
  /** Of the last attempt that died; null: none has. */
  lastDeath: Outcome | null;
  /** The attempt that is under way; null: none is. */
  attempt: Attempt | null;
}

interface Attempt {
  readonly number: number;
  readonly connection: KnownConnection;
  readonly sentNs: number;
  readonly idleAgeNs: number;
  readonly bytesWritten: number;
  readonly bytesRead: number;
}

/** Why a request was given up here; travels as the abort's reason. */
class GivenUp extends Error {
  readonly outcome: 'timeout' | 'aborted';

  constructor(outcome: 'timeout' | 'aborted') {
    super(outcome);
    this.outcome = outcome;
  }
}

export class UndiciFleet implements ClientFleet {
  readonly #setup: ClientSetup;
  readonly #origin: string;
  readonly #sockets: UndiciSockets;
  readonly #sender: UndiciSender;
  readonly #flights = new Map<number, Flight>();
  /** The library's request object → row of the plan. */
  readonly #rows = new WeakMap<object, number>();
  readonly #listeners: readonly [name: string, listener: (message: unknown) => void][];
  #closing = false;

  /** @param makeSender Is given the connectors, one for each simulated client, and how an attempt last died. */
  constructor(
    setup: ClientSetup,
    makeSender: (sockets: UndiciSockets, fate: (request: number) => FlightFate) => UndiciSender,
  ) {
    const { endpoint, plan } = setup;
    const bodiless = plan.templates.find(
      ({ method }, template) =>
        (method === 'GET' || method === 'HEAD') &&
        plan.bodyBytes.some((bytes, row) => bytes > 0 && plan.template[row] === template),
    );
    if (bodiless !== undefined) {
      throw new HarnessError('strategy-refused', `This client sends no body with ${bodiless.method}.`);
    }
    this.#setup = setup;
    this.#origin = `${endpoint.tls === null ? 'http' : 'https'}://${endpoint.authority}`;
    this.#sockets = new UndiciSockets(setup);
    this.#sender = makeSender(this.#sockets, (request) => this.#fateOf(request));
    this.#listeners = [
      ['undici:request:create', (message) => this.#onCreate(message as CreateEvent)],
      ['undici:client:sendHeaders', (message) => this.#onSend(message as SendEvent)],
      ['undici:request:error', (message) => this.#onError(message as ErrorEvent)],
    ];
    for (const [name, listener] of this.#listeners) channel(name).subscribe(listener);
  }

  start(request: number): void {
    const controller = new AbortController();
    const timer = setTimeout(
      () => controller.abort(new GivenUp('timeout')),
      this.#setup.limits.requestTimeoutMs,
    );
    const flight = { request, controller, timer, attempts: 0, lastDeath: null, attempt: null };
    this.#flights.set(request, flight);
    this.#sender.send(this.#setup.plan.client[request], this.#requestOf(request, controller.signal)).then(
      (status) => this.#onAnswer(flight, status),
      (error: unknown) => this.#onFailure(flight, error),
    );
  }

  #requestOf(request: number, signal: AbortSignal): UndiciRequest {
    const { plan, policy } = this.#setup;
    const template = plan.templates[plan.template[request]];
    const bytes = plan.bodyBytes[request];
    return {
      origin: this.#origin,
      path: template.path,
      method: template.method,
      headers: {
        ...Object.fromEntries(templateHeaders(template)),
        'x-request-id': `${request}`,
        ...(policy.retry.idempotencyKey
          ? { 'idempotency-key': `"${plan.fingerprint}-${process.pid}-${request}"` }
          : {}),
      },
      body: hasBody(template, bytes) && bytes > 0 ? 'x'.repeat(bytes) : null,
      signal,
    };
  }

  #onCreate({ request }: CreateEvent): void {
    const { headers } = request;
    if (request.origin !== this.#origin || !Array.isArray(headers)) return;
    const at = headers.indexOf('x-request-id');
    if (at >= 0) this.#rows.set(request, Number(headers[at + 1]));
  }

  #flightOf(request: object): Flight | undefined {
    const row = this.#rows.get(request);
    return row === undefined ? undefined : this.#flights.get(row);
  }

  #onSend({ request, socket }: SendEvent): void {
    const flight = this.#flightOf(request);
    const connection = this.#sockets.known(socket);
    if (flight === undefined || connection === undefined) return;
    // Sent once more without an error in between: the library gave the connection up by itself.
    if (flight.attempt !== null) this.#die(flight, 'idle-race', 'other');
    const { recorder } = this.#setup;
    const sentNs = recorder.nowNs();
    const idleAgeNs = connection.uses === 0 ? Number.NaN : sentNs - connection.idleSinceNs;
    connection.uses++;
    connection.isBusy = true;
    flight.attempts++;
    flight.attempt = {
      number: flight.attempts,
      connection,
      sentNs,
      idleAgeNs,
      bytesWritten: socket.bytesWritten,
      bytesRead: socket.bytesRead,
    };
    recorder.attemptSent(flight.request, flight.attempts, connection.row, idleAgeNs);
  }

  #onError({ request, error }: ErrorEvent): void {
    const flight = this.#flightOf(request);
    if (flight === undefined || error instanceof GivenUp) return;
    if (flight.attempt === null) this.#failToConnect(flight, error);
    else this.#dieOf(flight, flight.attempt, error);
  }

  #dieOf(flight: Flight, attempt: Attempt, error: unknown): void {
    const { outcome, sign } = classifyUndiciError(error, {
      isReused: !Number.isNaN(attempt.idleAgeNs),
      bytesRead: attempt.connection.socket.bytesRead - attempt.bytesRead,
    });
    this.#die(flight, outcome, sign);
  }

  /** Ends the attempt that is under way. */
  #die(flight: Flight, outcome: Outcome, sign: DeathSign): void {
    const { attempt } = flight;
    if (attempt === null) return;
    const { socket, row } = attempt.connection;
    flight.attempt = null;
    flight.lastDeath = outcome;
    this.#setup.recorder.attemptDied({
      request: flight.request,
      attempt: attempt.number,
      outcome,
      sign,
      connection: row,
      idleAgeNs: attempt.idleAgeNs,
      sentNs: attempt.sentNs,
      bytesWritten: Math.max(0, socket.bytesWritten - attempt.bytesWritten),
      bytesRead: Math.max(0, socket.bytesRead - attempt.bytesRead),
    });
  }

  /** No socket, so no attempt was seen: it is booked on the connection that never was. */
  #failToConnect(flight: Flight, error: unknown): void {
    const { recorder, plan } = this.#setup;
    const row = this.#sockets.failedRow(plan.client[flight.request]);
    const { outcome, sign } = classifyUndiciError(error, { isReused: false, bytesRead: 0 });
    flight.attempts++;
    flight.lastDeath = outcome;
    recorder.attemptSent(flight.request, flight.attempts, row, Number.NaN);
    recorder.attemptDied({
      request: flight.request,
      attempt: flight.attempts,
      outcome,
      sign: sign === 'other' ? 'connect' : sign,
      connection: row,
      idleAgeNs: Number.NaN,
      sentNs: recorder.nowNs(),
      bytesWritten: 0,
      bytesRead: 0,
    });
  }

  #onAnswer(flight: Flight, status: number): void {
    const { attempt } = flight;
    if (attempt !== null) {
      attempt.connection.idleSinceNs = this.#setup.recorder.nowNs();
      attempt.connection.isBusy = false;
      flight.attempt = null;
    }
    if (!this.#flights.has(flight.request)) return;
    this.#setup.recorder.attemptAnswered(flight.request, status);
    this.#finish(flight, status >= 400 ? 'status' : 'ok');
  }

  #onFailure(flight: Flight, error: unknown): void {
    if (!this.#flights.has(flight.request)) return;
    const { reason } = flight.controller.signal;
    if (reason instanceof GivenUp) {
      if (flight.attempt !== null) {
        flight.attempt.connection.isGivenUp = true;
        this.#die(flight, reason.outcome, reason.outcome === 'timeout' ? 'timeout' : 'other');
      }
      this.#finish(flight, reason.outcome);
      return;
    }
    if (flight.attempt !== null) this.#dieOf(flight, flight.attempt, error);
    else if (flight.lastDeath === null) this.#failToConnect(flight, error);
    this.#finish(flight, flight.lastDeath ?? 'protocol');
  }

  #finish(flight: Flight, outcome: Outcome): void {
    clearTimeout(flight.timer);
    this.#flights.delete(flight.request);
    this.#setup.recorder.requestDone(flight.request, outcome);
    if (!this.#closing) this.#setup.onClientFree(this.#setup.plan.client[flight.request]);
  }

  #fateOf(request: number): FlightFate {
    const flight = this.#flights.get(request);
    return { attempts: flight?.attempts ?? 0, lastDeath: flight?.lastDeath ?? null };
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#sockets.isClosing = true;
    for (const { controller } of this.#flights.values()) controller.abort(new GivenUp('aborted'));
    await this.#sender.close();
    // Bounded: what a library does not close is closed here.
    for (let turn = 0; turn < 1_000 && (this.#sockets.size > 0 || this.#flights.size > 0); turn++) {
      if (turn === 500) this.#sockets.destroyAll();
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const [name, listener] of this.#listeners) channel(name).unsubscribe(listener);
  }
}

/** How far a request has come. */
export interface FlightFate {
  readonly attempts: number;
  /** null: no attempt has died. */
  readonly lastDeath: Outcome | null;
}
