/** Notes that are the same for every stack, about what the policy leaves open. */

import type { Knob } from '../contract/knobs.ts';
import { type Asked, lawfulMarginMs, marginMs } from './asked.ts';
import { exactDuration } from './exact-duration.ts';

const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

export function generalNotes(asked: Asked): string[] {
  return [...marginNotes(asked), ...withoutReuseNotes(asked), ...retryNotes(asked), ...serverNotes(asked)];
}

function marginNotes(asked: Asked): string[] {
  const leftMs = marginMs(asked);
  if (leftMs === null || leftMs >= lawfulMarginMs(asked) - 0.001) return [];
  return [
    `connection.idleTimeoutMs: less than round trip + server lag + client lag (${exactDuration(lawfulMarginMs(asked))}) before the server's idle timeout: requests can still race`,
  ];
}

function withoutReuseNotes({ reuse, policy, set }: Asked): string[] {
  if (reuse) return [];
  const eaten = policy.connection.reuse;
  const moot: Knob[] = [
    ...(eaten ? [] : (['connection.idleTimeoutMs'] as const)),
    'connection.idleCheck',
    'connection.hintMarginMs',
    'connection.ageMaxMs',
    'connection.requestsMax',
    'connection.pick',
    'retry.attemptsMax',
  ];
  return [
    ...(eaten ? ['connection.idleTimeoutMs: below 1 ms, so no connection is ever used again'] : []),
    ...moot.filter((knob) => set.has(knob)).map((knob) => `${knob}: has no effect without connection.reuse`),
  ];
}

function retryNotes({ retry, policy, set, reuse }: Asked): string[] {
  if (!reuse) return [];
  if (retry === null) {
    const [first] = [...set].filter((knob) => knob.startsWith('retry.'));
    if (first === undefined) return [];
    return [`${first}: has no effect unless retry.attemptsMax is above 1 and retry.on includes idle-race`];
  }
  const others = policy.retry.on.filter((outcome) => outcome !== 'idle-race');
  const twice = retry.methods === null || retry.methods.some((method) => !idempotent.has(method));
  return [
    ...(others.length === 0
      ? []
      : [`retry.on: the settings cover only failures by the race, not ${others.join(', ')}`]),
    ...(twice && !retry.idempotencyKey
      ? [
          'retry.methods: an error does not show whether the server executed the request; a retried POST can execute twice',
        ]
      : []),
    ...(retry.idempotencyKey
      ? ['retry.idempotencyKey: makes a second attempt safe only if the server stores and compares the key']
      : []),
  ];
}

function serverNotes(asked: Asked): string[] {
  const { serverIdleTimeoutMs, facts, set } = asked;
  if (serverIdleTimeoutMs === null) {
    return set.has('server.idleTimeoutMs')
      ? [
          'server.idleTimeoutMs: no setting for "never": such a server keeps connections of lost clients forever',
        ]
      : [];
  }
  const neededMs = facts.gapMaxMs + lawfulMarginMs(asked);
  return serverIdleTimeoutMs >= neededMs
    ? []
    : [
        `server.idleTimeoutMs: a client that leaves a connection idle for ${exactDuration(facts.gapMaxMs)} needs ${exactDuration(neededMs)}`,
      ];
}
