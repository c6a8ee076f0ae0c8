/** The warnings in `summary.json`: the schema of each code with its facts. */
import { z } from 'zod';
import { healthWarningCodes } from '../../harness/contract/warning.ts';
import { list, number, numberOrNull, object, text } from './schema-parts.ts';

function facts<const Code extends string, const Shape extends z.ZodRawShape>(code: Code, shape: Shape) {
  return object({ code: z.literal(code), data: object(shape) });
}

const health = object({
  code: z.enum(Object.values(healthWarningCodes)),
  data: object({ trial: text, value: number, limit: number }),
});

export const warning = z
  .discriminatedUnion('code', [
    facts('interrupted', { trialsDone: number, trialsPlanned: number }),
    facts('target-lost', { trial: text, reason: text }),
    facts('trial-unhealthy', { trial: text, reasons: list(text) }),
    facts('law-broken', { trial: text, law: text, left: number, right: number }),
    health,
    facts('never-reused', { scenario: text, strategy: text }),
    facts('few-rounds', { rounds: number }),
    facts('no-race-seen', { scenario: text, strategy: text }),
    facts('no-race-behind-balancer', { scenario: text, strategy: text }),
    facts('no-lag-measured', { scenario: text, strategy: text, samples: number, needed: number }),
    facts('idle-timeout-differs', {
      scenario: text,
      configuredMs: numberOrNull,
      seenMs: numberOrNull,
      closes: number,
      reusesBeyond: number,
      longestReuseMs: numberOrNull,
    }),
    facts('slow-may-be-lost', { scenario: text, strategy: text, share: number }),
    facts('executed-twice', { scenario: text, strategy: text, requests: number }),
    facts('prediction-missed', {
      scenario: text,
      strategy: text,
      predicted: number,
      difference: number,
      low: number,
      high: number,
    }),
    facts('generators-share-cpu', { generators: number, cpus: number }),
    facts('capture-incomplete', { trial: text, reason: text }),
    facts('one-loopback-address', {}),
    facts('closed-plan-exhausted', { trial: text, requestsMax: number }),
  ])
  .meta({ id: 'Warning', description: 'What to know before relying on a number' });
