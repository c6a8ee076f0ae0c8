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

interface PendingRequest {
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
  readonly #pending = new Map<number, PendingRequest>();
  /** The library's request object → row of the plan. */
  readonly #rows = new WeakMap<object, number>();
  readonly #listeners: readonly [name: string, listener: (message: unknown) => void][];
  #closing = false;

  /** @param makeSender Is given the connectors, one for each simulated client, and how an attempt last died. */
  constructor(
    setup: ClientSetup,
    makeSender: (sockets: UndiciSockets, fate: (request: number) => RequestFate) => UndiciSender,
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
    const pending = { request, controller, timer, attempts: 0, lastDeath: null, attempt: null };
    this.#pending.set(request, pending);
    this.#sender.send(this.#setup.plan.client[request], this.#requestOf(request, controller.signal)).then(
      (status) => this.#onAnswer(pending, status),
      (error: unknown) => this.#onFailure(pending, error),
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

  #pendingOf(request: object): PendingRequest | undefined {
    const row = this.#rows.get(request);
    return row === undefined ? undefined : this.#pending.get(row);
  }

  #onSend({ request, socket }: SendEvent): void {
    const pending = this.#pendingOf(request);
    const connection = this.#sockets.known(socket);
    if (pending === undefined || connection === undefined) return;
    // Sent once more without an error in between: the library gave the connection up by itself.
    if (pending.attempt !== null) this.#die(pending, 'idle-race', 'other');
    const { recorder } = this.#setup;
    const sentNs = recorder.nowNs();
    const idleAgeNs = connection.uses === 0 ? Number.NaN : sentNs - connection.idleSinceNs;
    connection.uses++;
    connection.isBusy = true;
    pending.attempts++;
    pending.attempt = {
      number: pending.attempts,
      connection,
      sentNs,
      idleAgeNs,
      bytesWritten: socket.bytesWritten,
      bytesRead: socket.bytesRead,
    };
    recorder.attemptSent(pending.request, pending.attempts, connection.row, idleAgeNs);
  }

  #onError({ request, error }: ErrorEvent): void {
    const pending = this.#pendingOf(request);
    if (pending === undefined || error instanceof GivenUp) return;
    if (pending.attempt === null) this.#failToConnect(pending, error);
    else this.#dieOf(pending, pending.attempt, error);
  }

  #dieOf(pending: PendingRequest, attempt: Attempt, error: unknown): void {
    const { outcome, sign } = classifyUndiciError(error, {
      isReused: !Number.isNaN(attempt.idleAgeNs),
      bytesRead: attempt.connection.socket.bytesRead - attempt.bytesRead,
    });
    this.#die(pending, outcome, sign);
  }

  /** Ends the attempt that is under way. */
  #die(pending: PendingRequest, outcome: Outcome, sign: DeathSign): void {
    const { attempt } = pending;
    if (attempt === null) return;
    const { socket, row } = attempt.connection;
    pending.attempt = null;
    pending.lastDeath = outcome;
    this.#setup.recorder.attemptDied({
      request: pending.request,
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
  #failToConnect(pending: PendingRequest, error: unknown): void {
    const { recorder, plan } = this.#setup;
    const row = this.#sockets.failedRow(plan.client[pending.request]);
    const { outcome, sign } = classifyUndiciError(error, { isReused: false, bytesRead: 0 });
    pending.attempts++;
    pending.lastDeath = outcome;
    recorder.attemptSent(pending.request, pending.attempts, row, Number.NaN);
    recorder.attemptDied({
      request: pending.request,
      attempt: pending.attempts,
      outcome,
      sign: sign === 'other' ? 'connect' : sign,
      connection: row,
      idleAgeNs: Number.NaN,
      sentNs: recorder.nowNs(),
      bytesWritten: 0,
      bytesRead: 0,
    });
  }

  #onAnswer(pending: PendingRequest, status: number): void {
    const { attempt } = pending;
    if (attempt !== null) {
      attempt.connection.idleSinceNs = this.#setup.recorder.nowNs();
      attempt.connection.isBusy = false;
      pending.attempt = null;
    }
    if (!this.#pending.has(pending.request)) return;
    this.#setup.recorder.attemptAnswered(pending.request, status);
    this.#finish(pending, status >= 400 ? 'status' : 'ok');
  }

  #onFailure(pending: PendingRequest, error: unknown): void {
    if (!this.#pending.has(pending.request)) return;
    const { reason } = pending.controller.signal;
    if (reason instanceof GivenUp) {
      if (pending.attempt !== null) {
        pending.attempt.connection.isGivenUp = true;
        this.#die(pending, reason.outcome, reason.outcome === 'timeout' ? 'timeout' : 'other');
      }
      this.#finish(pending, reason.outcome);
      return;
    }
    if (pending.attempt !== null) this.#dieOf(pending, pending.attempt, error);
    else if (pending.lastDeath === null) this.#failToConnect(pending, error);
    this.#finish(pending, pending.lastDeath ?? 'protocol');
  }

  #finish(pending: PendingRequest, outcome: Outcome): void {
    clearTimeout(pending.timer);
    this.#pending.delete(pending.request);
    this.#setup.recorder.requestDone(pending.request, outcome);
    if (!this.#closing) this.#setup.onClientFree(this.#setup.plan.client[pending.request]);
  }

  #fateOf(request: number): RequestFate {
    const pending = this.#pending.get(request);
    return { attempts: pending?.attempts ?? 0, lastDeath: pending?.lastDeath ?? null };
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#sockets.isClosing = true;
    for (const { controller } of this.#pending.values()) controller.abort(new GivenUp('aborted'));
    await this.#sender.close();
    // Bounded: what a library does not close is closed here.
    for (let turn = 0; turn < 1_000 && (this.#sockets.size > 0 || this.#pending.size > 0); turn++) {
      if (turn === 500) this.#sockets.destroyAll();
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const [name, listener] of this.#listeners) channel(name).unsubscribe(listener);
  }
}

/** How far a request has come. */
export interface RequestFate {
  readonly attempts: number;
  /** null: no attempt has died. */
  readonly lastDeath: Outcome | null;
}
