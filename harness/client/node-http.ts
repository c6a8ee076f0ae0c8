/**
 * Node's own client behind the same contract: `node:http` with one `http.Agent` per simulated client.
 *
 * It is what most Node services use, so its figures are what they would see. It hides much: a death is
 * known by an error's text, and its pool cannot check an age at checkout. What it cannot carry out it
 * refuses by name.
 */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { ClientFleet, ClientSetup, InProcessClient } from '../contract/client-kind.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { Policy } from '../contract/policy.ts';
import type { DeathSign } from '../contract/samples.ts';
import { hasBody, templateHeaders } from './request-bytes.ts';
import { decideRetry } from './retry.ts';

export const nodeHttp: InProcessClient = {
  id: 'node-http',
  title: 'node:http',
  summary: "Node's http.Agent, one per simulated client; evicts by timer only, sees errors and not packets.",
  refusals,
  open: (setup) => new NodeHttpFleet(setup),
};

function refusals({ connection }: Policy): string[] {
  const reasons: string[] = [];
  if (connection.idleTimeoutMs !== null && connection.idleCheck === 'checkout') {
    reasons.push(
      'connection.idleTimeoutMs: http.Agent has no age check at checkout, only socket timers; evict with the option checkedAt: timer is what it can do',
    );
  }
  if (connection.hintMarginMs !== null) {
    reasons.push(
      'connection.hintMarginMs: http.Agent subtracts a margin of its own from the Keep-Alive hint',
    );
  }
  if (connection.ageMaxMs !== null) reasons.push('connection.ageMaxMs: http.Agent knows no maximum age');
  if (connection.requestsMax !== null) {
    reasons.push('connection.requestsMax: http.Agent knows no maximum number of requests');
  }
  return reasons;
}

interface KnownSocket {
  readonly row: number;
  uses: number;
  idleSinceNs: number;
}

class NodeHttpFleet implements ClientFleet {
  readonly #setup: ClientSetup;
  readonly #agents: readonly http.Agent[];
  readonly #sockets = new Map<Socket, KnownSocket>();
  readonly #underWay = new Map<number, http.ClientRequest>();
  /** Requests whose next attempt waits for its backoff. */
  readonly #waiting = new Map<number, NodeJS.Timeout>();
  readonly #body = Buffer.alloc(65_536, 'x');
  #closing = false;

  constructor(setup: ClientSetup) {
    this.#setup = setup;
    const { policy, limits, endpoint, plan } = setup;
    const { reuse, pick, tcpKeepAliveMs, idleTimeoutMs } = policy.connection;
    const options: https.AgentOptions = {
      keepAlive: reuse,
      // Node probes on idle sockets whenever it keeps them alive; beyond any trial when nobody asked.
      keepAliveMsecs: tcpKeepAliveMs ?? 7_200_000,
      scheduling: pick,
      maxSockets: limits.connectionsPerClientMax ?? Number.POSITIVE_INFINITY,
      maxFreeSockets: 65_536,
      timeout: idleTimeoutMs ?? undefined,
      ...(endpoint.tls === null
        ? {}
        : { ca: endpoint.tls.ca ?? undefined, rejectUnauthorized: !endpoint.tls.insecure }),
    };
    this.#agents = Array.from({ length: plan.clients }, () =>
      endpoint.tls === null ? new http.Agent(options) : new https.Agent(options),
    );
  }

  start(request: number): void {
    const timeout = setTimeout(() => this.#timeOut(request), this.#setup.limits.requestTimeoutMs);
    this.#timeouts.set(request, timeout);
    this.#send(request, 1, false);
  }

  readonly #timeouts = new Map<number, NodeJS.Timeout>();

  #send(request: number, attempt: number, fresh: boolean): void {
    const { plan, endpoint, policy, recorder } = this.#setup;
    const template = plan.templates[plan.template[request]];
    const bodyBytes = plan.bodyBytes[request];
    const withBody = hasBody(template, bodyBytes);
    const client = (endpoint.tls === null ? http : https).request({
      host: endpoint.host,
      port: endpoint.port,
      // Keeps the agent's check of the certificate to the name, behind a wire too.
      ...(endpoint.tls === null ? {} : { servername: endpoint.authority.replace(/:\d+$/, '') }),
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
    const flight: Flight = {
      request,
      attempt,
      sentNs: Number.NaN,
      idleAgeNs: Number.NaN,
      known: null,
      bytesBefore: 0,
    };
    this.#underWay.set(request, client);
    client.on('socket', (socket) => {
      const known = this.#know(socket, plan.client[request]);
      flight.known = known;
      flight.sentNs = recorder.nowNs();
      flight.idleAgeNs = known.uses === 0 ? Number.NaN : flight.sentNs - known.idleSinceNs;
      flight.bytesBefore = socket.bytesWritten;
      known.uses++;
      recorder.attemptSent(request, attempt, known.row, flight.idleAgeNs);
    });
    client.on('response', (response) => this.#onResponse(flight, client, response));
    client.on('error', (error: NodeJS.ErrnoException) =>
      this.#onDeath(flight, client, classify(error, flight), client.socket?.bytesWritten),
    );
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
    const known = { row: recorder.connectionOpened(client), uses: 0, idleSinceNs: Number.NaN };
    this.#sockets.set(socket, known);
    socket.once('connect', () => recorder.connectionConnected(known.row, socket.localPort ?? 0));
    socket.once('close', () => {
      this.#sockets.delete(socket);
      recorder.connectionClosed(known.row, 'server-idle');
    });
    return known;
  }

  #onResponse(flight: Flight, client: http.ClientRequest, response: http.IncomingMessage): void {
    response.resume();
    response.on('error', (error: NodeJS.ErrnoException) => {
      this.#onDeath(
        flight,
        client,
        { outcome: error.message === 'aborted' ? 'eof' : 'reset', sign: 'other' },
        client.socket?.bytesWritten,
      );
    });
    response.on('end', () => {
      if (this.#underWay.get(flight.request) !== client) return;
      const { recorder } = this.#setup;
      const status = response.statusCode ?? 0;
      if (flight.known !== null) flight.known.idleSinceNs = recorder.nowNs();
      recorder.attemptAnswered(flight.request, status);
      this.#finish(flight.request, status >= 400 ? 'status' : 'ok');
    });
  }

  #onDeath(flight: Flight, client: http.ClientRequest, death: Death, bytesWritten = 0): void {
    const { request, attempt } = flight;
    if (this.#underWay.get(request) !== client) return;
    this.#underWay.delete(request);
    this.#tellDeath(flight, death, bytesWritten);
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

  #tellDeath(flight: Flight, { outcome, sign }: Death, bytesWritten: number): void {
    const { request, attempt, known, idleAgeNs, sentNs, bytesBefore } = flight;
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
      bytesWritten: Math.max(0, bytesWritten - bytesBefore),
      bytesRead: 0,
    });
  }

  #timeOut(request: number): void {
    const client = this.#underWay.get(request);
    clearTimeout(this.#waiting.get(request));
    if (client === undefined) this.#finish(request, 'timeout');
    else client.destroy(Object.assign(new Error('request timeout'), { code: 'ETIMEDOUT' }));
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
      client.destroy(Object.assign(new Error('aborted by the trial'), { code: 'ABORTED' }));
    }
    for (const agent of this.#agents) agent.destroy();
    for (let turn = 0; turn < 1_000 && this.#sockets.size > 0; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

interface Flight {
  readonly request: number;
  readonly attempt: number;
  sentNs: number;
  idleAgeNs: number;
  known: KnownSocket | null;
  bytesBefore: number;
}

interface Death {
  readonly outcome: Outcome;
  readonly sign: DeathSign;
}

/** Node gives ECONNRESET for FIN and RST alike; only the text and the system call tell them apart. */
function classify(error: NodeJS.ErrnoException, { idleAgeNs }: Flight): Death {
  const fin = error.message === 'socket hang up';
  switch (error.code) {
    case 'ECONNREFUSED':
      return { outcome: 'refused', sign: 'connect' };
    case 'EADDRNOTAVAIL':
      return { outcome: 'ports-exhausted', sign: 'connect' };
    case 'EMFILE':
    case 'ENFILE':
      return { outcome: 'fd-exhausted', sign: 'connect' };
    case 'ETIMEDOUT':
      return { outcome: 'timeout', sign: 'timeout' };
    case 'ABORTED':
      return { outcome: 'aborted', sign: 'other' };
    case 'ECONNRESET':
    case 'EPIPE': {
      const sign = fin ? 'fin' : error.code === 'EPIPE' ? 'epipe' : 'rst';
      if (!Number.isNaN(idleAgeNs)) return { outcome: 'idle-race', sign };
      return { outcome: fin ? 'eof' : 'reset', sign };
    }
  }
  if (error.code?.startsWith('HPE_') === true) return { outcome: 'protocol', sign: 'protocol' };
  return { outcome: 'tls', sign: 'connect' };
}
