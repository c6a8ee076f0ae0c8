/** `trials.csv`: one row per trial, the unhealthy ones included and marked. */
import type { Summary, TrialSummary } from '../../harness/contract/summary.ts';
import type { CsvColumn, CsvTable } from './csv-table.ts';

export interface TrialRow {
  readonly scenario: string;
  readonly strategy: string;
  readonly trial: TrialSummary;
  /** Of the measured time. */
  readonly durationMs: number;
}

export function trialRows(summary: Summary): TrialRow[] {
  return summary.scenarios.flatMap(({ id, strategies }) =>
    strategies.flatMap(({ label, trials }) =>
      trials.map((trial) => ({
        scenario: id,
        strategy: label,
        trial,
        durationMs: summary.run.config.durationMs,
      })),
    ),
  );
}

/** What the health gate read, beside lateness. */
const readingColumns: readonly CsvColumn<TrialRow>[] = (
  [
    ['generatorEventLoopDelayMsP99', 'Event-loop delay of the generator: p99'],
    ['generatorStallMsMax', 'Longest time for which a generator could not run, ms'],
    ['generatorCpuShare', 'CPU of the generator, in cores; closed loop only'],
    ['droppedShare', 'Share of scheduled requests that were never sent'],
    ['wireLatenessMsP99', 'Lateness of the deliveries of a wire: p99, ms'],
    ['wireStallMsMax', 'Longest time for which a wire could not run, ms'],
    ['wireCpuShare', 'CPU of the busiest wire, in cores'],
    ['balancerStallMsMax', 'Longest time for which the balancer could not run, ms'],
    ['targetStallMsP99', 'Stalls of the target, during which it could not run: p99, ms'],
    ['targetStallMsMax', 'Longest time for which the target could not run, ms'],
    ['targetWaitShare', 'Share of the measured time that the target waited for a CPU'],
    ['stealShare', 'Share of the machine’s CPU time that the hypervisor gave to others'],
    ['clockStepMs', 'How far wall clock and monotonic clock moved apart, ms'],
  ] as const
).map(([name, description]) => ({ name, description, of: ({ trial }) => trial.health.readings[name] }));

export const trialsTable: CsvTable<TrialRow> = {
  fileName: 'trials.csv',
  description: 'One row per trial, measured time only. Trials that are not healthy count in no estimate.',
  columns: [
    { name: 'scenario', description: 'Id of the scenario', of: ({ scenario }) => scenario },
    { name: 'strategy', description: 'Label of the strategy', of: ({ strategy }) => strategy },
    { name: 'round', description: 'Round, from 1', of: ({ trial }) => trial.round },
    {
      name: 'order',
      description: 'Position in the round’s order, from 1',
      of: ({ trial }) => trial.order,
    },
    {
      name: 'planFingerprint',
      description: 'Fingerprint of the load plan, equal for all trials of a round',
      of: ({ trial }) => trial.planFingerprint,
    },
    {
      name: 'isHealthy',
      description: '`false`: marked, and left out of every estimate',
      of: ({ trial }) => trial.health.ok,
    },
    {
      name: 'reasons',
      description: 'Why it is not healthy, joined by `; `',
      of: ({ trial }) => trial.health.reasons.join('; ') || null,
    },
    {
      name: 'lawsBroken',
      description: 'Conservation laws that do not hold, joined by `; `',
      of: ({ trial }) =>
        trial.laws
          .filter(({ left, right }) => left !== right)
          .map(({ law }) => law)
          .join('; ') || null,
    },
    {
      name: 'requestsScheduled',
      description: 'Requests in the load plan',
      of: ({ trial }) => trial.requests.scheduled,
    },
    {
      name: 'requestsStarted',
      description: 'Requests that were started',
      of: ({ trial }) => trial.requests.started,
    },
    {
      name: 'requestsOk',
      description: 'Requests answered with a status below 400',
      of: ({ trial }) => trial.requests.ok,
    },
    {
      name: 'requestsFailed',
      description: 'Requests that failed after all attempts',
      of: ({ trial }) => trial.requests.failed,
    },
    {
      name: 'answeredPerSecond',
      description: 'Requests answered with a status below 400 per second of measured time',
      of: ({ trial, durationMs }) =>
        trial.requests.ok === null ? null : trial.requests.ok / (durationMs / 1_000),
    },
    { name: 'retries', description: 'Attempts after the first', of: ({ trial }) => trial.retries },
    {
      name: 'idleRaces',
      description: 'Attempts that ran into the idle-timeout race',
      of: ({ trial }) => trial.idleRaces,
    },
    {
      name: 'raceProbabilityPredicted',
      description:
        'Share of requests that the timing model expects to race, from this trial’s plan and the lags of the strategy’s other rounds, 0 to 1',
      of: ({ trial }) => trial.predictedRaceProbability,
    },
    {
      name: 'responseTimeMsP50',
      description: 'Response time: p50',
      of: ({ trial }) => trial.responseTimeMs.p50,
    },
    {
      name: 'responseTimeMsP99',
      description: 'Response time: p99',
      of: ({ trial }) => trial.responseTimeMs.p99,
    },
    {
      name: 'responseTimeMsMax',
      description: 'Response time: largest',
      of: ({ trial }) => trial.responseTimeMs.max,
    },
    {
      name: 'latenessMsP99',
      description: 'Sent minus intended: p99',
      of: ({ trial }) => trial.latenessMsP99,
    },
    ...readingColumns,
    {
      name: 'connectionsOpened',
      description: 'Connections opened by the clients',
      of: ({ trial }) => trial.connectionsOpened,
    },
    {
      name: 'serverCpuMsPer1000Requests',
      description: 'CPU time of the target per 1,000 answered requests, ms',
      of: ({ trial }) => trial.serverCpuMsPer1000Requests,
    },
    {
      name: 'serverRssBytesMax',
      description: 'Largest resident memory of the target',
      of: ({ trial }) => trial.serverRssBytesMax,
    },
    {
      name: 'file',
      description: 'The trial’s samples, relative to the run folder',
      of: ({ trial }) => trial.file,
    },
  ],
};
