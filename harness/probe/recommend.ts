/** From findings to what a client should be set to, with the arithmetic: pure. */
import { errorOf } from './find-idle-timeout.ts';
import type { ProbeFindings } from './probe-findings.ts';

export interface Recommendation {
  /** Idle age from which a client must not use a connection again, ms; null: nothing forces one. */
  readonly evictAtMs: number | null;
  /** The sum, as a line. */
  readonly arithmetic: string;
  /** Sentences that follow from the findings. */
  readonly advice: readonly string[];
}

/** @param lagMs Event-loop lag of client and server that the margin allows for. */
export function recommend(findings: ProbeFindings, lagMs: number): Recommendation {
  const { idleTimeout, roundTripMs } = findings;
  const { fromMs, noneUpToMs } = idleTimeout;
  if (fromMs === null) {
    return {
      evictAtMs: null,
      arithmetic: `no connection was closed within ${seconds(noneUpToMs ?? 0)}: no margin to take off`,
      advice: adviceOf(findings),
    };
  }
  // What was bisected is known to within its bracket only.
  const unsureMs = idleTimeout.isSilent ? 0 : Math.min(errorOf(fromMs), fromMs * 0.02);
  const evictAtMs = Math.max(0, Math.floor(fromMs - roundTripMs.max - lagMs - unsureMs));
  const parts = [
    `${ms(fromMs)} shortest idle timeout seen`,
    `${ms(roundTripMs.max)} longest round trip`,
    `${ms(lagMs)} lag`,
    ...(unsureMs > 0 ? [`${ms(unsureMs)} error of the probe`] : []),
  ];
  return { evictAtMs, arithmetic: `${parts.join(' − ')} = ${ms(evictAtMs)}`, advice: adviceOf(findings) };
}

function adviceOf({
  idleTimeout,
  hintSeconds,
  isHintTruthful,
  requestsPerConnection,
  secondHop,
  endings,
}: ProbeFindings): string[] {
  const advice: string[] = [];
  if (isHintTruthful === false) {
    advice.push(`Do not believe its hint of ${hintSeconds} s: connections were closed before it.`);
  }
  if (idleTimeout.isSilent) {
    advice.push(
      'Idle connections are dropped without a word: a request on one waits for its own timeout. Evict, do not rely on errors.',
    );
  }
  if (requestsPerConnection.limit !== null) {
    advice.push(
      `A connection takes ${requestsPerConnection.limit} requests and is then closed: expect a new one that often.`,
    );
  }
  if (secondHop.timeoutMs !== null) {
    advice.push(
      `Something behind it closes after about ${seconds(secondHop.timeoutMs)}: its 502s are the race on that hop, and only the balancer's own idle timeout, set below that, avoids them.`,
    );
  }
  if (endings.includes('rst')) advice.push('It closes by RST: what was under way is lost without a trace.');
  advice.push(
    'What margins cannot cover, such as a restart, a retry on a fresh connection does; of a POST only with an Idempotency-Key or where executing twice is harmless.',
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
  const { timeoutMs, fromMs, toMs } = idleTimeout;
  if (timeoutMs === null || fromMs === null || toMs === null || evictAtMs === null) return null;
  const knownMs = Math.round(fromMs);
  const [low, high] = [Math.max(1, Math.floor(fromMs * 0.85)), Math.ceil(toMs * 1.1)];
  const { protocol, host, pathname, hostname } = new URL(url);
  const isLoopback = /^(localhost$|127\.|\[::1\])/.test(hostname);
  return `# Tries what "idlerace probe ${url}" advised: requests whose idle gaps lie around ${seconds(timeoutMs)}.
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
