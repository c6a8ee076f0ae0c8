/** The findings as a page of text. */
import type { ProbeFindings } from './probe-findings.ts';
import { type Recommendation, seconds } from './recommend.ts';

export function probePage(findings: ProbeFindings, recommendation: Recommendation): string {
  const { roundTripMs, responseTimeMsP50, requestsPerConnection, pipelining, http2 } = findings;
  const rows: [string, string][] = [
    ['idle timeout', idleWords(findings)],
    ['advertised', hintWords(findings)],
    [
      'how it closes',
      findings.endings.length === 0
        ? 'no connection was closed'
        : findings.endings.map(endingWords).join(', '),
    ],
    ['requests per connection', limitWords(requestsPerConnection)],
    ['second hop', hopWords(findings)],
    [
      'round trip',
      `${roundTripMs.p50.toFixed(2)} ms (${roundTripMs.min.toFixed(2)} to ${roundTripMs.max.toFixed(2)}), by handshakes; an answer takes ${responseTimeMsP50.toFixed(2)} ms`,
    ],
    ['pipelining', pipelining ? 'two requests in one write were both answered' : 'no'],
    ['HTTP/2', http2 ? 'yes' : 'no'],
    ['requests sent', `${findings.requestsSent}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const { evictAtMs, arithmetic, advice } = recommendation;
  return [
    findings.url,
    ...rows.map(([name, words]) => `  ${name.padEnd(width)}${words}`),
    '',
    `${evictWords(evictAtMs, findings)}:`,
    `  ${arithmetic}`,
    ...advice.map((line) => `- ${line}`),
    '',
  ].join('\n');
}

function evictWords(evictAtMs: number | null, { idleTimeout }: ProbeFindings): string {
  if (evictAtMs === null) {
    return `Clients need not drop a connection that was idle for less than ${seconds(idleTimeout.noneUpToMs ?? 0)}`;
  }
  if (evictAtMs === 0) return 'Clients should open a connection for each request';
  return `Clients should drop a connection that was idle for ${seconds(evictAtMs)}`;
}

function idleWords({ idleTimeout }: ProbeFindings): string {
  const { noneUpToMs, fromMs, toMs, errorMs, connections, confirmedMs, failedAtMs, isSilent } = idleTimeout;
  if (fromMs === null || toMs === null) {
    return `none seen up to ${seconds(noneUpToMs ?? 0)}, on ${connections} connections`;
  }
  const spread = toMs - fromMs > (errorMs ?? 0) ? `, at most ${seconds(toMs)}` : '';
  const how = isSilent ? ', dropped silently' : '';
  const failed =
    failedAtMs.length === 0 ? '' : `; requests after ${failedAtMs.map(seconds).join(', ')} failed`;
  const held = confirmedMs === null ? '' : `; requests after ${seconds(confirmedMs)} were answered`;
  return `${seconds(fromMs)} (± ${seconds(errorMs ?? 0)})${spread}, on ${connections} connections${how}${failed}${held}`;
}

function hintWords({ hintSeconds, isHintTruthful }: ProbeFindings): string {
  if (hintSeconds === null) return 'no Keep-Alive hint';
  const truth = isHintTruthful === null ? '' : isHintTruthful ? ', kept' : ', not kept';
  return `Keep-Alive: timeout=${hintSeconds}${truth}`;
}

function endingWords(ending: ProbeFindings['endings'][number]): string {
  return { fin: 'FIN', rst: 'RST', 'close-notify': 'TLS close_notify and FIN', '408': '408 and FIN' }[ending];
}

function limitWords({ limit, noneUpTo }: ProbeFindings['requestsPerConnection']): string {
  return limit === null ? `no limit seen up to ${noneUpTo}` : `closed after ${limit}`;
}

function hopWords({ secondHop }: ProbeFindings): string {
  const { says, timeoutMs, errorMs, stepMs, badGatewaysAtMs, signs, why } = secondHop;
  const named = signs.length === 0 ? '' : ` (${signs.join('; ')})`;
  const gateways =
    badGatewaysAtMs.length === 0
      ? ''
      : `; 502 to 504 after ${badGatewaysAtMs.map(seconds).join(', ')} of idleness`;
  switch (says) {
    case 'seen':
      return timeoutMs === null
        ? `another server${named}: ${why}${gateways}`
        : `a second timeout of ${seconds(timeoutMs)} (± ${seconds(errorMs ?? 0)}): ${why}, by ${(stepMs ?? 0).toFixed(2)} ms${named}${gateways}`;
    case 'not-seen':
      return `nothing seen: ${why}${named}`;
    case 'cannot-tell':
      return `could not tell: ${why}${named}`;
  }
}
