/** Finds out one thing after the other about a server, within a budget of requests. */

import { HarnessError, reasonOf } from '../../base/errors.ts';
import { median } from '../../base/statistics/quantile.ts';
import type { Endpoint } from '../../contract/client-kind.ts';
import { safeMarginMs } from '../../model/law/safe-margin.ts';
import { findIdleTimeout } from './find-idle-timeout.ts';
import { findSecondHop } from './find-second-hop.ts';
import type { ProbeBudget, Purpose } from './probe-budget.ts';
import { type Answer, ProbeConnection } from './probe-connection.ts';
import type { ProbeFindings } from './probe-findings.ts';
import { pipelines, speaksHttp2 } from './probe-protocol.ts';

export interface ProbeSetup {
  readonly url: string;
  readonly endpoint: Endpoint;
  readonly path: string;
  readonly budget: ProbeBudget;
  /** Longest idle time to wait for, ms. */
  readonly longestMs: number;
  /** Longest time for an answer, ms. */
  readonly answerMs: number;
  readonly lags: Lags;
  /** Ends the probe. */
  readonly signal: AbortSignal;
  /** @param detail Changes within a phase. */
  onProgress(phase: string, detail?: string): void;
}

/** Bounds that the margin allows for, ms. */
export interface Lags {
  readonly serverLagMs: number;
  readonly clientLagMs: number;
}

/** Headers that a balancer or cache adds or that name one. */
const signs =
  /^(via|x-cache|x-served-by|x-envoy-[\w-]+|x-amz-cf-[\w-]+|cf-ray|x-haproxy-[\w-]+|x-varnish):|^server: *(nginx|haproxy|envoy|awselb|cloudfront|cloudflare|varnish|istio-envoy|openresty|traefik|gws)/i;

export async function probeServer(setup: ProbeSetup): Promise<ProbeFindings> {
  const connections: ProbeConnection[] = [];
  const opener = { ...setup, connections };
  const { signal, longestMs } = setup;
  // What waits for an answer must not wait on.
  const end = () => {
    for (const connection of connections) connection.destroy();
  };
  signal.addEventListener('abort', end);
  try {
    const first = await firstContact(opener);
    const { hintSeconds, roundTripMs } = first;
    const limit = await requestsPerConnection(opener);
    const { budget, endpoint, path, answerMs } = setup;
    // A server that does not answer the preface takes its time about it: the first watch has that time.
    const http2 = speaksHttp2(endpoint, Math.min(answerMs, 2_000));
    const { finding: idleTimeout, endings } = await findIdleTimeout({
      open: () => openUsed(opener),
      isAnswered: async (connection) => (await ask(opener, connection, 'idle timeout')) !== null,
      wake: waker(opener),
      marginMs: safeMarginMs({ rttMs: roundTripMs.max, ...setup.lags }),
      ...{ longestMs, signal },
      onProgress: (step, detail) => setup.onProgress(`idle timeout: ${step}`, detail),
    });
    const secondHop = await probeSecondHop(opener, idleTimeout.fromMs, first.signs);
    const pipelining = budget.take('pipelining', 2) && (await pipelines(endpoint, path, answerMs));
    return {
      url: setup.url,
      requestsSent: budget.spent,
      roundTripMs,
      responseTimeMsP50: first.responseTimeMsP50,
      idleTimeout,
      hintSeconds,
      isHintTruthful: isTruthful(hintSeconds, idleTimeout),
      requestsPerConnection: limit,
      endings,
      secondHop,
      pipelining,
      http2: await http2,
    };
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

type Opener = ProbeSetup & { readonly connections: ProbeConnection[] };

/** A grace period beyond the hint is truthful: the hint is a promise of at least as long. */
function isTruthful(
  hintSeconds: number | null,
  { fromMs, errorMs, noneUpToMs }: ProbeFindings['idleTimeout'],
): boolean | null {
  if (hintSeconds === null) return null;
  const hintMs = hintSeconds * 1_000;
  if (fromMs !== null) return fromMs + (errorMs ?? 0) >= hintMs;
  return noneUpToMs !== null && noneUpToMs >= hintMs ? true : null;
}

const contacts = 5;
/** Requests of three confirmations. */
const wakeReserve = 48;

async function firstContact(setup: Opener) {
  setup.onProgress('first contact');
  const connectMs: number[] = [];
  const tookMs: number[] = [];
  let answer: Answer | null = null;
  for (let contact = 0; contact < contacts; contact++) {
    const connection = await open(setup);
    connectMs.push(connection.connectMs);
    for (let request = 0; request < 2; request++) {
      const got = await ask(setup, connection, 'round trip and headers');
      if (got === null) break;
      answer = got;
      tookMs.push(got.tookMs);
    }
    connection.destroy();
  }
  if (answer === null) {
    throw new HarnessError(
      'target-garbage',
      `${setup.url} took the connection and gave no answer in HTTP/1.1.`,
      {
        hint: `curl -v ${setup.url}`,
      },
    );
  }
  const sorted = connectMs.sort((a, b) => a - b);
  return {
    roundTripMs: { p50: sorted[Math.floor(contacts / 2)], min: sorted[0], max: sorted[contacts - 1] },
    responseTimeMsP50: median(tookMs),
    hintSeconds: answer.hintSeconds,
    signs: answer.headerLines.filter((line) => signs.test(line)),
  };
}

async function requestsPerConnection(setup: Opener): Promise<ProbeFindings['requestsPerConnection']> {
  const connection = await open(setup);
  let answered = 0;
  try {
    while (setup.budget.left('requests per connection') > 0) {
      if (answered % 20 === 0) setup.onProgress('requests per connection', `${answered}`);
      const answer = await ask(setup, connection, 'requests per connection');
      if (answer === null) return { limit: answered, noneUpTo: null };
      answered++;
      if (!answer.keepAlive) return { limit: answered, noneUpTo: null };
    }
    return { limit: null, noneUpTo: answered };
  } finally {
    connection.destroy();
  }
}

async function probeSecondHop(setup: Opener, frontMs: number | null, signs: readonly string[]) {
  let connection = await open(setup);
  return findSecondHop({
    async request() {
      if (connection.hasEnded) connection = await open(setup);
      return ask(setup, connection, 'second hop');
    },
    ...{ frontMs, signs, longestMs: setup.longestMs, signal: setup.signal },
    onProgress: (step) => setup.onProgress(`second hop: ${step}`),
  });
}

async function openUsed(setup: Opener): Promise<ProbeConnection | null> {
  if (setup.budget.left('idle timeout') < 2) return null;
  const connection = await open(setup);
  return (await ask(setup, connection, 'idle timeout')) === null ? null : connection;
}

/** Requests on a connection that is kept; leaves enough of the budget to confirm what is found. */
function waker(setup: Opener): () => Promise<void> {
  let connection: ProbeConnection | null = null;
  return async () => {
    if (setup.budget.left('idle timeout') <= wakeReserve) return;
    if (connection === null || connection.hasEnded) connection = await open(setup);
    await ask(setup, connection, 'idle timeout');
  };
}

async function ask(
  { budget, answerMs }: Opener,
  connection: Pick<ProbeConnection, 'request'>,
  purpose: Purpose,
): Promise<Answer | null> {
  return budget.take(purpose) ? connection.request(answerMs) : null;
}

async function open({ endpoint, path, answerMs, url, connections }: Opener): Promise<ProbeConnection> {
  try {
    const connection = await ProbeConnection.open(endpoint, path, answerMs);
    connections.push(connection);
    return connection;
  } catch (error) {
    throw new HarnessError('target-start-failed', `No connection to ${url}: ${reasonOf(error)}.`, {
      hint: `curl -v ${url}`,
    });
  }
}
