/** `trials.csv`: one row per trial, the unhealthy ones included and marked. */
import type { Summary, TrialSummary } from '../../harness/contract/summary.ts';
import { type CsvTable, fieldColumns, strategyColumns } from './csv-table.ts';

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

export const trialsTable: CsvTable<TrialRow> = {
  fileName: 'trials.csv',
  description: 'One row per trial, measured time only. Trials that are not healthy count in no estimate.',
  columns: [
    ...strategyColumns,
    ...fieldColumns(({ trial }: TrialRow) => trial, {
      round: 'Round, from 1',
      order: 'Position in the round’s order, from 1',
      planFingerprint: 'Fingerprint of the load plan, equal for all trials of a round',
    }),
    ...fieldColumns(healthOf, {
      isHealthy: '`false`: marked, and left out of every estimate',
      reasons: 'Why it is not healthy, joined by `; `',
      lawsBroken: 'Conservation laws that do not hold, joined by `; `',
    }),
    ...fieldColumns(
      ({ trial }: TrialRow) => trial.requests,
      {
        scheduled: 'Requests in the load plan',
        started: 'Requests that were started',
        ok: 'Requests answered with a status below 400',
        failed: 'Requests that failed after all attempts',
      },
      'requests',
    ),
    {
      name: 'answeredPerSecond',
      description: 'Requests answered with a status below 400 per second of measured time',
      of: ({ trial, durationMs }) =>
        trial.requests.ok === null ? null : trial.requests.ok / (durationMs / 1_000),
    },
    ...fieldColumns(
      ({ trial }: TrialRow) => ({ ...trial, raceProbabilityPredicted: trial.predictedRaceProbability }),
      {
        retries: 'Attempts after the first',
        idleRaces: 'Attempts that ran into the idle-timeout race',
        raceProbabilityPredicted:
          'Share of requests that the timing model expects to race, from this trial’s plan and the lags of the strategy’s other rounds, 0 to 1',
      },
    ),
    ...fieldColumns(
      ({ trial }: TrialRow) => trial.responseTimeMs,
      {
        p50: 'Response time: p50',
        p99: 'Response time: p99',
        max: 'Response time: largest',
      },
      'responseTimeMs',
    ),
    ...fieldColumns(
      ({ trial }: TrialRow) => ({ ...trial.health.readings, latenessMsP99: trial.latenessMsP99 }),
      {
        latenessMsP99: 'Sent minus intended: p99',
        generatorEventLoopDelayMsP99: 'Event-loop delay of the generator: p99',
        generatorStallMsMax: 'Longest time for which a generator could not run, ms',
        generatorCpuShare: 'CPU of the generator, in cores; closed loop only',
        droppedShare: 'Share of scheduled requests that were never sent',
        wireLatenessMsP99: 'Lateness of the deliveries of a wire: p99, ms',
        wireStallMsMax: 'Longest time for which a wire could not run, ms',
        wireCpuShare: 'CPU of the busiest wire, in cores',
        balancerStallMsMax: 'Longest time for which the balancer could not run, ms',
        targetStallMsP99: 'Stalls of the target, during which it could not run: p99, ms',
        targetStallMsMax: 'Longest time for which the target could not run, ms',
        targetWaitShare: 'Share of the measured time that the target waited for a CPU',
        stealShare: 'Share of the machine’s CPU time that the hypervisor gave to others',
        clockStepMs: 'How far wall clock and monotonic clock moved apart, ms',
      },
    ),
    ...fieldColumns(({ trial }: TrialRow) => trial, {
      connectionsOpened: 'Connections opened by the clients',
      serverCpuMsPer1000Requests: 'CPU time of the target per 1,000 answered requests, ms',
      serverRssBytesMax: 'Largest resident memory of the target',
      file: 'The trial’s samples, relative to the run folder',
    }),
  ],
};

function healthOf({ trial: { health, laws } }: TrialRow) {
  const broken = laws.filter(({ left, right }) => left !== right).map(({ law }) => law);
  return {
    isHealthy: health.ok,
    reasons: health.reasons.join('; ') || null,
    lawsBroken: broken.join('; ') || null,
  };
}
