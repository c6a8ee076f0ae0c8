/** From findings to the age at which clients should drop a connection, with the sum: pure. */
import { safeMarginMs } from '../../model/law/safe-margin.ts';
import { adviceBefore } from './find-idle-timeout.ts';
import type { ProbeFindings } from './probe-findings.ts';
import type { Lags } from './probe-server.ts';

export interface Recommendation {
  /** Idle age from which a client must not use a connection again, ms; null: nothing forces one. */
  readonly evictAtMs: number | null;
  /** What a client can rely on: the idle timeout, or the server's promise where that is shorter, ms. */
  readonly promisedMs: number | null;
  /** The sum, as a line. */
  readonly arithmetic: string;
  /** Sentences that follow from the findings. */
  readonly advice: readonly string[];
}

export function recommend(findings: ProbeFindings, lags: Lags): Recommendation {
  const { roundTripMs, hintSeconds, idleTimeout } = findings;
  const marginMs = safeMarginMs({ rttMs: roundTripMs.max, ...lags });
  const margin = [
    `${ms(roundTripMs.max)} longest round trip`,
    `${ms(lags.serverLagMs)} server lag`,
    `${ms(lags.clientLagMs)} client lag`,
  ].join(' − ');
  const tried = agesTried(findings, marginMs, margin);
  // Servers round down, so a hint of 0 s is a timeout below 1 s and no promise.
  const hintMs = hintSeconds === null || hintSeconds === 0 ? null : hintSeconds * 1_000;
  const hinted =
    hintMs === null
      ? null
      : {
          atMs: Math.max(0, Math.floor(hintMs - marginMs)),
          words: `${ms(hintMs)} promised by the server − ${margin}`,
        };
  // A grace period that the server adds today is not promised, and another server of the fleet may have none.
  const chosen = hinted !== null && (tried === null || hinted.atMs < tried.atMs) ? hinted : tried;
  const knownMs = [idleTimeout.fromMs, hintMs].filter((one) => one !== null);
  return {
    evictAtMs: chosen?.atMs ?? null,
    promisedMs: knownMs.length === 0 ? null : Math.floor(Math.min(...knownMs)),
    arithmetic:
      chosen === null
        ? `no connection was closed within ${seconds(idleTimeout.noneUpToMs ?? 0)}; longer idle times were not tried, see --longest`
        : chosen.atMs === 0
          ? `${chosen.words}: no idle time is safe`
          : `${chosen.words} = ${ms(chosen.atMs)}`,
    advice: adviceOf(findings, chosen?.atMs ?? null),
  };
}

interface Age {
  readonly atMs: number;
  readonly words: string;
}

/** The age that requests confirmed; where none could be tried, the one that was to be. */
function agesTried({ idleTimeout }: ProbeFindings, marginMs: number, margin: string): Age | null {
  const { fromMs, stepMs, confirmedMs, failedAtMs } = idleTimeout;
  if (fromMs === null) return null;
  if (failedAtMs.length > 0) {
    const failed = `requests failed after ${failedAtMs.map(seconds).join(', ')}`;
    return confirmedMs === null
      ? { atMs: 0, words: `${failed}, and at no tried age were all requests answered` }
      : { atMs: confirmedMs, words: `${failed}; the highest age tried at which all were answered` };
  }
  const step = stepMs > 0 ? ` − ${ms(stepMs)} step between the probe's connections` : '';
  const atMs = confirmedMs ?? adviceBefore({ fromMs, stepMs }, marginMs);
  return { atMs, words: `${ms(fromMs)} shortest lifetime seen${step} − ${margin}` };
}

function adviceOf(findings: ProbeFindings, evictAtMs: number | null): string[] {
  const { idleTimeout, hintSeconds, isHintTruthful, requestsPerConnection, secondHop, endings } = findings;
  const { fromMs, isSilent, confirmedMs } = idleTimeout;
  const advice: string[] = [];
  if (fromMs !== null && confirmedMs === null && evictAtMs !== 0) {
    advice.push('No request confirmed this age. Try it with the matrix below before you use it.');
  }
  if (isHintTruthful === false) {
    advice.push(`Ignore the server's hint of ${hintSeconds} s: the server closes connections earlier.`);
  }
  if (hintSeconds !== null && hintSeconds > 0 && fromMs !== null && fromMs > hintSeconds * 1_000) {
    advice.push(
      `The server closes after ${seconds(fromMs)}, but promises only ${hintSeconds} s. The age above stays within the promise.`,
    );
  }
  if (isSilent) {
    advice.push(
      'Idle connections are dropped silently, so a request on one fails only when it times out. Drop connections before that age.',
    );
  }
  if (requestsPerConnection.limit !== null) {
    advice.push(
      requestsPerConnection.limit === 1
        ? 'The server closes a connection after each request.'
        : `The server closes a connection after ${requestsPerConnection.limit} requests: clients open a new one that often.`,
    );
  }
  if (secondHop.timeoutMs !== null) {
    advice.push(
      `A server behind it closes after about ${seconds(secondHop.timeoutMs)}. The balancer answers 502 when it meets the race there. Set the balancer's idle timeout towards its servers below that.`,
    );
  }
  if (endings.includes('rst'))
    advice.push('The server closes by RST, which discards requests that are under way.');
  advice.push(
    'No margin covers a restart of the server. Retry on a new connection; retry a POST only with an Idempotency-Key or where executing it twice is harmless.',
  );
  return advice;
}

function ms(value: number): string {
  return `${Number(value.toFixed(value < 10 ? 2 : 0))} ms`;
}

export function seconds(valueMs: number): string {
  return `${Number((valueMs / 1_000).toFixed(3))} s`;
}

/** A matrix that tries the advice: gaps around the timeout, with and without eviction. null where nothing was found. */
export function verifyingMatrix(
  { url, idleTimeout }: ProbeFindings,
  evictAtMs: number | null,
): string | null {
  const { fromMs, toMs } = idleTimeout;
  if (fromMs === null || toMs === null || evictAtMs === null) return null;
  const knownMs = Math.round(fromMs);
  // A server that closes at once leaves nothing to try.
  if (knownMs === 0) return null;
  const [low, high] = [Math.max(1, Math.floor(fromMs * 0.85)), Math.ceil(toMs * 1.1)];
  const { protocol, host, pathname, hostname } = new URL(url);
  const isLoopback = /^(localhost$|127\.|\[::1\])/.test(hostname);
  return `# Tries the advice of "idlerace probe ${url}": requests with idle gaps around ${seconds(fromMs)}.
name: probe
rounds: 3
warmup: ${Math.ceil(high * 1.05)}ms
duration: ${Math.max(2_000, high * 4)}ms
target: { kind: url, url: "${protocol}//${host}", idleTimeout: ${knownMs}ms }
traffic: { kind: think-time, clients: 50, gap: { uniform: [${low}ms, ${high}ms] } }
request: { method: GET, path: ${JSON.stringify(pathname)} }
strategies:
  - reuse
  - { use: evict, options: { marginMs: ${Math.max(0, knownMs - evictAtMs)} } }
${isLoopback ? '' : `allowHosts: [${hostname}]\n`}`;
}
