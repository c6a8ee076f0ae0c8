/** Why these numbers: the sentences that open every text, as comments. */

import { wrapText } from '../base/wrap-text.ts';
import type { Knob } from '../contract/knobs.ts';
import { type Asked, lawfulMarginMs, marginMs } from './asked.ts';
import { exactDuration } from './exact-duration.ts';

/** Comment lines, without the knobs that the stack cannot carry out. @param prefix Starts each line, for example `// `. */
export function arithmetic(asked: Asked, prefix: string): string[] {
  return sentences(asked).flatMap((sentence) => wrapText(sentence, 96, prefix));
}

function sentences(asked: Asked): string[] {
  const all: Partial<Record<Knob, string | null>> = {
    'connection.reuse': reuse(asked),
    'connection.idleTimeoutMs': idle(asked),
    'connection.hintMarginMs': hint(asked),
    'connection.ageMaxMs': age(asked),
    'connection.requestsMax': requests(asked),
    'connection.pick': asked.pick === 'fifo' ? 'The connection that is idle longest is used first.' : null,
    'retry.attemptsMax': retry(asked),
    'connection.tcpKeepAliveMs': probes(asked),
    'server.idleTimeoutMs': server(asked),
  };
  const said = Object.entries(all).flatMap(([knob, sentence]) =>
    sentence === null || asked.without.has(knob) ? [] : [sentence],
  );
  if (said.length > 0) return said;
  return asked.set.size === 0
    ? ['The policy changes nothing: this stack keeps connections as by default.']
    : ['This stack has no setting for the policy: see the notes.'];
}

function reuse({ reuse: kept, policy, facts }: Asked): string | null {
  if (kept) return null;
  return policy.connection.reuse
    ? `The margin uses up the server's idle timeout of ${duration(facts.serverIdleTimeoutMs)}, so each request has a new connection.`
    : 'Each request has a new connection, so the server cannot close a reused one during a request.';
}

function idle(asked: Asked): string | null {
  const { idleTimeoutMs, facts, policy } = asked;
  if (idleTimeoutMs === null) return null;
  const used = 'a connection that is idle for this long is not reused.';
  const rounded = Number.isInteger(policy.connection.idleTimeoutMs) ? '' : ', rounded down';
  const own = `${exactDuration(idleTimeoutMs)}${rounded}`;
  const leftMs = marginMs(asked);
  if (leftMs === null) return `Idle for at most ${own}; the server closes no idle connection.`;
  const lawful = marginParts(facts);
  const margin =
    Math.abs(leftMs - lawfulMarginMs(asked)) < 0.001
      ? `${exactDuration(leftMs)} (${lawful})`
      : `${signed(leftMs)} (${lawful} would be ${exactDuration(lawfulMarginMs(asked))})`;
  return `Server idle timeout ${duration(facts.serverIdleTimeoutMs)} - margin ${margin} = ${own}: ${used}`;
}

function marginParts({ rttMs, serverLagMs, clientLagMs }: Asked['facts']): string {
  return `round trip ${exactDuration(rttMs)} + server lag ${exactDuration(serverLagMs)} + client lag ${exactDuration(clientLagMs)}`;
}

function duration(ms: number | null): string {
  return ms === null ? 'none' : exactDuration(ms);
}

function signed(ms: number): string {
  return ms < 0 ? `-${exactDuration(-ms)}` : exactDuration(ms);
}

function hint({ hintMarginMs }: Asked): string | null {
  if (hintMarginMs === null) return null;
  return `If the server sends "Keep-Alive: timeout=N", the idle timeout is N s - ${exactDuration(hintMarginMs)} instead.`;
}

function age({ ageMaxMs }: Asked): string | null {
  return ageMaxMs === null
    ? null
    : `No connection is used again ${exactDuration(ageMaxMs)} after it was opened.`;
}

function requests({ requestsMax }: Asked): string | null {
  return requestsMax === null ? null : `No connection is used again after ${requestsMax} requests.`;
}

function retry({ retry: asked }: Asked): string | null {
  if (asked === null) return null;
  const times = asked.attemptsMax === 2 ? 'once' : `up to ${asked.attemptsMax - 1} times`;
  const when = asked.backoffMs === 0 ? 'at once' : `after ${exactDuration(asked.backoffMs)}, doubling`;
  const which = asked.methods === null ? 'any method' : asked.methods.join(', ');
  return `If a reused connection fails before any answer, the request is retried ${times}, ${when} (${which}).`;
}

function probes({ tcpKeepAliveMs }: Asked): string | null {
  if (tcpKeepAliveMs === null) return null;
  return (
    `TCP probes after ${exactDuration(tcpKeepAliveMs)} find dead peers and keep NAT entries; the server's ` +
    'HTTP idle timer ignores them, so they do not prevent the race.'
  );
}

function server(asked: Asked): string | null {
  const { serverIdleTimeoutMs, facts } = asked;
  if (serverIdleTimeoutMs === null) return null;
  const needed = `longest gap of a client ${exactDuration(facts.gapMaxMs)} + ${marginParts(facts)}`;
  const neededMs = facts.gapMaxMs + lawfulMarginMs(asked);
  const enough = serverIdleTimeoutMs >= neededMs ? 'above' : 'BELOW';
  return (
    `Server idle timeout ${exactDuration(serverIdleTimeoutMs)} instead of ${duration(facts.serverIdleTimeoutMs)}: ` +
    `${enough} ${needed} = ${exactDuration(neededMs)}.`
  );
}
