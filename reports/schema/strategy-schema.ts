/** The part of `summary.json` about one strategy in one scenario. */
import { z } from 'zod';
import type { FlightEvent, FlightStep } from '../../harness/contract/flight.ts';
import { type HealthMetric, noReadings } from '../../harness/contract/health.ts';
import { outcomes } from '../../harness/contract/outcome.ts';
import { deathSigns } from '../../harness/contract/samples.ts';
import { comparedMetrics, verdictWords } from '../../harness/contract/summary.ts';
import { policy } from './config-schema.ts';
import {
  each,
  estimate,
  flag,
  list,
  number,
  numberOrNull,
  object,
  percentiles,
  rateEstimate,
  successPercentiles,
  text,
} from './schema-parts.ts';

const outcomeCounts = z.partialRecord(z.enum(outcomes), number);

const verdict = object({
  word: z.enum(verdictWords),
  scale: z.enum(['difference', 'ratio']).describe('strategy − reference, or strategy / reference'),
  effect: estimate.describe('Its interval is simultaneous with all others of the scenario'),
  worthwhile: number.describe('Differences below this are not worth a decision'),
  moreRounds: numberOrNull.describe('For `undecided`: about how many more rounds would settle it'),
  reasons: list(text).describe('For `not-available` and `no-verdict`: why'),
}).meta({ id: 'Verdict' });

const windowSchema = object({
  round: number,
  second: number.describe('From the start of the measured time'),
  ...each(
    ['requests', 'ok', 'failed', 'retries', 'idleRaces', 'connectionsOpen', 'connectionsOpened'],
    number,
  ).shape,
  ...each(['responseTimeMsP50', 'responseTimeMsP99', 'responseTimeMsMax'], numberOrNull).shape,
  ...each(['serverConnectionsOpen', 'serverConnectionsAccepted'], numberOrNull).shape,
  ...each(['serverCpuShare', 'serverRssBytes'], numberOrNull).shape,
}).meta({ id: 'Window', description: 'One second of the measured time of one trial' });

const trial = object({
  round: number,
  order: number.describe('Position in the order of the round, from 1'),
  planFingerprint: text.describe('Equal for all trials of a round'),
  file: text.describe('Samples, relative to the run folder'),
  health: object({
    ok: flag.describe('false: left out of every estimate'),
    reasons: list(text),
    readings: each(Object.keys(noReadings) as HealthMetric[], numberOrNull),
  }),
  laws: list(object({ law: text, left: number, right: number })).describe('Holds when left = right'),
  outcomes: outcomeCounts,
  requests: each(['scheduled', 'started', 'ok', 'failed'], numberOrNull),
  retries: numberOrNull,
  idleRaces: numberOrNull,
  responseTimeMs: each(['p50', 'p99', 'max'], numberOrNull),
  latenessMsP99: numberOrNull,
  connectionsOpened: numberOrNull,
  serverCpuMsPer1000Requests: numberOrNull,
  serverRssBytesMax: numberOrNull,
  predictedRaceProbability: numberOrNull,
}).meta({ id: 'Trial', description: 'One trial; every figure over the measured time only' });

const flightSteps: Record<FlightStep, true> = {
  'answer-read': true,
  'request-written': true,
  'request-sent': true,
  'request-passed': true,
  'fin-passed': true,
  'rst-passed': true,
  'fin-sent': true,
  'rst-sent': true,
  'death-noticed': true,
};
const witnesses: Record<FlightEvent['witness'], true> = { client: true, wire: true, packets: true };

const flight = object({
  trial: text,
  request: number,
  attempt: number,
  method: text,
  outcome: z.enum(outcomes),
  sign: z.enum(deathSigns),
  idleAgeMs: numberOrNull,
  executions: numberOrNull,
  events: list(
    object({
      witness: z.enum(Object.keys(witnesses) as FlightEvent['witness'][]),
      step: z.enum(Object.keys(flightSteps) as FlightStep[]),
      atMs: number.describe('From the moment that the client wrote the request'),
    }),
  ),
}).meta({ id: 'Flight', description: 'A failed attempt, step by step' });

export const prediction = object({
  raceProbability: numberOrNull.describe(
    'Expected `raceRate` by the timing model, with the lags of the other rounds',
  ),
  by: z
    .enum(['replay', 'closed-form'])
    .nullable()
    .describe('closed-form: the replays of the load plans count no race; null: no rate'),
  requestsReplayed: number,
  window: object({
    rttMs: number,
    serverLagMs: numberOrNull.describe('λs, mean'),
    clientLagMs: numberOrNull.describe('λc, mean'),
    timerLatenessMs: numberOrNull.describe('δs, mean'),
    widthMs: numberOrNull.describe('R + λs + λc'),
    lagSamples: number,
  }),
}).meta({ id: 'Prediction' });

const hop = each(
  [
    'requestsSentOn',
    'upstreamAttempts',
    'upstreamDeaths',
    'retriedByBalancer',
    'madeByBalancer',
    'silentCloses',
  ],
  number,
);

const server = object({
  cpuMsPer1000Requests: estimate,
  ...each(
    ['cpuUserMsPer1000Requests', 'cpuSystemMsPer1000Requests', 'contextSwitchesPer1000Requests'],
    numberOrNull,
  ).shape,
  ...each(['rssBytesMax', 'connectionsOpenMax', 'connectionsAccepted', 'fdsMax'], numberOrNull).shape,
  eventLoopDelayMsP99: numberOrNull,
}).describe('Costs are per 1,000 answered requests');

export const strategy = object({
  id: text.describe('Used in file names'),
  label: text,
  title: text,
  policy,
  requests: each(['scheduled', 'started', 'dropped', 'ok', 'failed'], number).describe(
    'Sum over the healthy trials, measured time only',
  ),
  attempts: each(['total', 'retries'], number),
  ledger: each(['lost', 'executedButFailed', 'executedTwice'], number)
    .nullable()
    .describe('null: the target does not record executions'),
  hop: hop.nullable().describe('Between balancer and target; null: no balancer'),
  outcomes: outcomeCounts.describe('Of requests, last attempt'),
  deaths: outcomeCounts.describe('Of attempts that failed, retried ones included'),
  errorRate: rateEstimate.describe('failed / started'),
  raceRate: rateEstimate.describe('First attempts that ran into the idle-timeout race / started'),
  answeredPerSecond: estimate.describe('Requests answered with a status below 400 per second'),
  prediction,
  lawCheck: object({
    predicted: numberOrNull.describe('As `prediction.raceProbability`, with the lags of the same rounds'),
    measuredMinusPredicted: estimate,
  }),
  responseTimeMs: percentiles.describe('Of answered requests, from the intended moment'),
  serviceTimeMs: percentiles.describe('Of answered requests, from the moment sent'),
  timeToSuccessMs: successPercentiles.describe('Of all started requests; a failed one takes for ever'),
  responseTimeCurve: list(object({ percentile: number, ms: number })),
  latenessMs: each(['p50', 'p99', 'max'], numberOrNull),
  connections: object({
    opened: number,
    requestsPerConnection: numberOrNull,
    openMax: number,
    freshShare: numberOrNull,
    openedPer1000Requests: estimate.describe('Per 1,000 answered requests'),
  }),
  server,
  kernel: each(['timeWaitMax', 'socketMemoryBytesMax', 'tcpProbesSent'], numberOrNull),
  generator: each(['cpuShare', 'eventLoopDelayMsP99'], numberOrNull),
  trials: list(trial),
  windows: list(windowSchema),
  flights: list(flight),
  versusReference: each(comparedMetrics, verdict).nullable().describe('null: this is the reference'),
}).meta({ id: 'Strategy' });
