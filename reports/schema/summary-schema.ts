/**
 * The schema of `summary.json`, for programs that read it. Its type must equal the contract's type, so a field that
 * is added to only one of them does not compile.
 */
import { z } from 'zod';
import {
  comparedMetrics,
  type StopReason,
  type Summary,
  summarySchemaVersion,
} from '../../harness/contract/summary.ts';
import { axes, runConfig, scenarioConfig } from './config-schema.ts';
import { each, flag, list, number, numberOrNull, object, text } from './schema-parts.ts';
import { prediction, strategy } from './strategy-schema.ts';
import { warning } from './warning-schema.ts';

const inference = object({
  comparisons: number.describe('Intervals that hold together'),
  familyErrorMax: number.describe('Probability that any of them misses its true value'),
  levelAtThisLook: number.describe('The share of it that this look spends'),
  rounds: number.describe('Rounds with a healthy trial of the reference'),
  look: object({ number, roundsMax: number }).nullable().describe('null: a fixed number of rounds'),
});

const scenario = object({
  id: text,
  axes,
  config: scenarioConfig,
  planFingerprints: list(text).describe('One for each round'),
  prediction: prediction.describe('For the policy of the reference'),
  idleTimeout: object({
    configuredMs: numberOrNull.describe('null: none'),
    differs: z.boolean().describe('Reuses that succeeded, or closes, contradict the configured timeout'),
    seenMs: numberOrNull.describe('Median idle age at which the server closed connections instead'),
    evidence: object({
      ...each(['closes', 'closesAsConfigured', 'reusesBeyond'], number).shape,
      longestReuseMs: numberOrNull,
    }),
  }).describe('The idle timeout of the server as the client saw it'),
  inference: inference.nullable().describe('null: nothing is compared'),
  strategies: list(strategy),
});

const environment = object({
  ...each(['os', 'kernel', 'cpuModel', 'node', 'idlerace'], text).shape,
  cpus: number,
  memoryBytes: number,
  loadAverage: numberOrNull,
  pinning: each(['generator', 'target'], text).nullable(),
});

const stopReasons: Record<StopReason, true> = {
  rounds: true,
  decided: true,
  time: true,
  'rounds-max': true,
  interrupted: true,
};

const stopped = object({
  reason: z.enum(Object.keys(stopReasons) as StopReason[]),
  open: list(object({ scenario: text, strategy: text, metric: z.enum(comparedMetrics) })).describe(
    'Verdicts that `until` asks for and that the run did not reach',
  ),
});

const run = object({
  id: text,
  name: text,
  seed: number,
  startedAt: text,
  finishedAt: text,
  interrupted: flag,
  stopped: stopped.describe('What ended the run'),
  config: runConfig,
  environment,
  floor: list(
    object({ clientKind: text, requests: number, responseTimeMs: each(['p50', 'p99'], number) }),
  ).describe('Harness overhead, included in every response time'),
});

export const summarySchema = object({
  schemaVersion: z.literal(summarySchemaVersion),
  run,
  scenarios: list(scenario),
  warnings: list(warning),
}).describe(
  'One run. null means “not available” or “not enough data”, never 0. Shares and rates are between 0 and 1. The unit is at the end of each name.',
);

/** Later versions may add fields, so the document for readers does not forbid them. */
export function summaryJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(summarySchema, {
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return { title: 'idlerace summary', ...schema };
}

type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;
type Assignable<From, To> = From extends To ? true : false;
type Schema = Frozen<z.output<typeof summarySchema>>;
/** Both ways: the schema accepts every summary, and what it accepts is one. */
true satisfies Assignable<Summary, Schema>;
true satisfies Assignable<Schema, Summary>;
