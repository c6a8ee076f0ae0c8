/**
 * A fleet over Node's `http.request`, one agent per simulated client: what `node-http` and `agentkeepalive` share,
 * their agents being the difference.
 *
 * It sees errors and not packets: a death is known by an error's text, a connection by its socket's events.
 */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { tlsOptions } from '../base/tls-options.ts';
import { nsPerMs } from '../base/units.ts';
import type { ClientFleet, ClientSetup } from '../contract/client-kind.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { CloseCause } from '../contract/samples.ts';
import { classifyCutAnswer, classifyNodeError, type Death } from './node-http-errors.ts';
import { hasBody, templateHeaders } from './request-bytes.ts';
import { decideRetry } from './retry.ts';

interface KnownSocket {
  readonly row: number;
  uses: number;
  idleSinceNs: number;
  /** A request is under way on it. */
  isBusy: boolean;
  readonly openedNs: number;
  isConnected: boolean;
  /** FIN of the server's side. */
  hasEnded: boolean;
  /** The agent's idle timer fired. */
  hasTimedOut: boolean;
  /** The request on it was given up here. */
  isGivenUp: boolean;
}

/** The state of a request's current attempt. */
interface Attempt {
  readonly request: number;
  readonly attempt: number;
  sentNs: number;
  idleAgeNs: number;
  known: KnownSocket | null;
  bytesBefore: number;
  readBefore: number;
}

export class AgentFleet implements ClientFleet {
  readonly #setup: ClientSetup;
  readonly #tls: ConnectionOptions;
  readonly #agents: readonly http.Agent[];
  readonly #sockets = new Map<Socket, KnownSocket>();
  readonly #timeouts = new Map<number, NodeJS.Timeout>();
  readonly #underWay = new Map<number, http.ClientRequest>();
  /** Requests whose next attempt waits for its backoff. */
  readonly #waiting = new Map<number, NodeJS.Timeout>();
  readonly #body = Buffer.alloc(65_536, 'x');
  #closing = false;

  /**
   * @param makeAgent Called once for each simulated client. TLS options belong to the agent: with a request's own
   * `checkServerIdentity`, Node's agent reuses no connection.
   */
  constructor(setup: ClientSetup, makeAgent: (tls: ConnectionOptions) => http.Agent) {
    this.#setup = setup;
    this.#tls = tlsOptions(setup.endpoint);
    this.#agents = Array.from({ length: setup.plan.clients }, () => makeAgent(this.#tls));
  }

  start(request: number): void {
    const timeout = setTimeout(() => this.#timeOut(request), this.#setup.limits.requestTimeoutMs);
    this.#timeouts.set(request, timeout);
    this.#send(request, 1, false);
  }

  #send(request: number, attempt: number, fresh: boolean): void {
    const { plan, endpoint, policy, recorder } = this.#setup;
    const template = plan.templates[plan.template[request]];
    const bodyBytes = plan.bodyBytes[request];
    const withBody = hasBody(template, bodyBytes);
    const client = (endpoint.tls === null ? http : https).request({
      host: endpoint.host,
      port: endpoint.port,
      ...(fresh ? this.#tls : {}),
      method: template.method,
      path: template.path,
      agent: fresh ? false : this.#agents[plan.client[request]],
      headers: {
        ...Object.fromEntries(templateHeaders(template)),
        host: endpoint.authority,
        'x-request-id': `${request}`,
        ...(policy.connection.reuse ? {} : { connection: 'close' }),
        ...(withBody ? { 'content-length': bodyBytes } : {}),
        ...(policy.retry.idempotencyKey
          ? { 'idempotency-key': `"${plan.fingerprint}-${process.pid}-${request}"` }
          : {}),
      },
    });
    const attempted: Attempt = {
      request,
      attempt,
      sentNs: Number.NaN,
      idleAgeNs: Number.NaN,
      known: null,
      bytesBefore: 0,
      readBefore: 0,
    };
    this.#underWay.set(request, client);
    client.on('socket', (socket) => {
      const known = this.#know(socket, plan.client[request]);
      attempted.known = known;
      attempted.sentNs = recorder.nowNs();
      attempted.idleAgeNs = known.uses === 0 ? Number.NaN : attempted.sentNs - known.idleSinceNs;
      attempted.bytesBefore = socket.bytesWritten;
      attempted.readBefore = socket.bytesRead;
      known.uses++;
      known.isBusy = true;
      recorder.attemptSent(request, attempt, known.row, attempted.idleAgeNs);
    });
    client.on('response', (response) => this.#onResponse(attempted, client, response));
    client.on('error', (error: NodeJS.ErrnoException) => {
      const death = classifyNodeError(error, {
        isReused: !Number.isNaN(attempted.idleAgeNs),
        bytesRead: (client.socket?.bytesRead ?? 0) - attempted.readBefore,
      });
      // Node ends a connection whose answer it cannot read.
      if (death.outcome === 'protocol' && attempted.known !== null) attempted.known.isGivenUp = true;
      this.#onDeath(attempted, client, death);
    });
    for (let left = bodyBytes; left > 0; left -= this.#body.length) {
      client.write(left >= this.#body.length ? this.#body : this.#body.subarray(0, left));
    }
    client.end();
  }

  /** The row of a socket, made when it is first seen. */
  #know(socket: Socket, client: number): KnownSocket {
    const before = this.#sockets.get(socket);
    if (before !== undefined) return before;
    const { recorder } = this.#setup;
    const known = {
      row: recorder.connectionOpened(client),
      uses: 0,
      idleSinceNs: Number.NaN,
      isBusy: false,
      openedNs: recorder.nowNs(),
      isConnected: false,
      hasEnded: false,
      hasTimedOut: false,
      isGivenUp: false,
    };
    this.#sockets.set(socket, known);
    socket.once('connect', () => {
      known.isConnected = true;
      recorder.connectionConnected(known.row, socket.localPort ?? 0);
    });
    socket.once('end', () => {
      known.hasEnded = true;
    });
    socket.once('timeout', () => {
      known.hasTimedOut = true;
    });
    socket.once('close', () => {
      this.#sockets.delete(socket);
      recorder.connectionClosed(known.row, this.#causeOf(known));
    });
    return known;
  }

  #causeOf(known: KnownSocket): CloseCause {
    const { reuse, ageMaxMs } = this.#setup.policy.connection;
    if (this.#closing) return 'open';
    if (known.isGivenUp || !known.isConnected) return 'failed';
    if (known.isBusy) return 'server-race';
    if (!reuse) return 'announced';
    if (known.hasTimedOut) return 'evicted';
    const ageNs = this.#setup.recorder.nowNs() - known.openedNs;
    return ageMaxMs !== null && ageNs >= ageMaxMs * nsPerMs ? 'limit' : 'server-idle';
  }

  #onResponse(attempted: Attempt, client: http.ClientRequest, response: http.IncomingMessage): void {
    response.resume();
    response.on('error', (error: NodeJS.ErrnoException) => {
      this.#onDeath(attempted, client, classifyCutAnswer(error, attempted.known?.hasEnded === true));
    });
    response.on('end', () => {
      if (this.#underWay.get(attempted.request) !== client) return;
      const { recorder } = this.#setup;
      const status = response.statusCode ?? 0;
      if (attempted.known !== null) {
        attempted.known.idleSinceNs = recorder.nowNs();
        attempted.known.isBusy = false;
      }
      recorder.attemptAnswered(attempted.request, status);
      this.#finish(attempted.request, status >= 400 ? 'status' : 'ok');
    });
  }

  #onDeath(attempted: Attempt, client: http.ClientRequest, death: Death): void {
    const { request, attempt } = attempted;
    if (this.#underWay.get(request) !== client) return;
    this.#underWay.delete(request);
    this.#tellDeath(attempted, death, client.socket);
    const { plan, policy } = this.#setup;
    const { method } = plan.templates[plan.template[request]];
    const decision = decideRetry(policy.retry, method, attempt, death.outcome);
    if (!decision.again || this.#closing) {
      this.#finish(request, death.outcome);
      return;
    }
    const again = () => this.#send(request, attempt + 1, decision.fresh);
    if (decision.waitMs === 0) again();
    else this.#waiting.set(request, setTimeout(again, decision.waitMs));
  }

  #tellDeath(attempted: Attempt, { outcome, sign }: Death, socket: Socket | null): void {
    const { request, attempt, known, idleAgeNs, sentNs, bytesBefore, readBefore } = attempted;
    const { recorder, plan } = this.#setup;
    let row = known?.row;
    if (row === undefined) {
      // It died before the agent had a socket for it: a connection that never was.
      row = recorder.connectionOpened(plan.client[request]);
      recorder.attemptSent(request, attempt, row, Number.NaN);
      recorder.connectionClosed(row, 'failed');
    }
    recorder.attemptDied({
      request,
      attempt,
      outcome,
      sign,
      connection: row,
      idleAgeNs,
      sentNs: Number.isNaN(sentNs) ? recorder.nowNs() : sentNs,
      bytesWritten: Math.max(0, (socket?.bytesWritten ?? 0) - bytesBefore),
      bytesRead: Math.max(0, (socket?.bytesRead ?? 0) - readBefore),
    });
  }

  #timeOut(request: number): void {
    const client = this.#underWay.get(request);
    clearTimeout(this.#waiting.get(request));
    if (client === undefined) this.#finish(request, 'timeout');
    else this.#giveUp(client, Object.assign(new Error('request timeout'), { code: 'ETIMEDOUT' }));
  }

  #giveUp(client: http.ClientRequest, why: Error): void {
    const known = client.socket === null ? undefined : this.#sockets.get(client.socket);
    if (known !== undefined) known.isGivenUp = true;
    client.destroy(why);
  }

  #finish(request: number, outcome: Outcome): void {
    clearTimeout(this.#timeouts.get(request));
    this.#timeouts.delete(request);
    this.#waiting.delete(request);
    this.#underWay.delete(request);
    this.#setup.recorder.requestDone(request, outcome);
    if (!this.#closing) this.#setup.onClientFree(this.#setup.plan.client[request]);
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const [request, timeout] of this.#waiting) {
      clearTimeout(timeout);
      this.#finish(request, 'aborted');
    }
    for (const client of this.#underWay.values()) {
      this.#giveUp(client, Object.assign(new Error('aborted by the trial'), { code: 'ABORTED' }));
    }
    for (const agent of this.#agents) agent.destroy();
    for (let turn = 0; turn < 1_000 && this.#sockets.size > 0; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
