/**
 * Writes a run's folder with the requested number of requests: about a million in each trial, five strategies in each
 * round, with races, retries, timeouts, and dropped requests. Two rounds are computed, and the files of the others are
 * links to theirs, so 200 million requests take the disk space of ten million. The reader opens and decodes each file.
 */
import { linkSync, readFileSync, writeFileSync } from 'node:fs';
import { Processes } from '../../harness/base/processes/processes.ts';
import { prepareRounds, prepareRun } from '../../harness/commands/prepare-run.ts';
import { readMatrix } from '../../harness/config/read-matrix.ts';
import type { RunConfig } from '../../harness/contract/run-config.ts';
import type { TrialIdentity } from '../../harness/contract/trial.ts';
import { encodePlan, planName } from '../../harness/model/plan/plan-file.ts';
import { targetKinds } from '../../harness/target/index.ts';
import { type RunRecord, RunStore } from '../../results/store.ts';
import { syntheticTrial } from '../../test/fixtures/synthetic-trial.ts';
import { cli } from '../shared/script.ts';

/** 8,000 clients send about 22,000 requests per second. */
const matrix = `
seed: 7
rounds: 2
warmup: 1s
duration: 44s
target: { kind: embedded, idleTimeout: 500ms }
request: { method: POST, bodyBytes: 64 }
traffic: { kind: think-time, clients: 8000, gap: { uniform: [200ms, 500ms] } }
strategies: [reuse, retry, long-idle, evict, evict+retry]
network: { rtt: 10ms }
`;

export interface Samples {
  readonly folder: string;
  readonly requests: number;
  readonly trials: number;
}

/** The trials that were computed. */
export interface Computed {
  readonly store: RunStore;
  readonly config: RunConfig;
  readonly trials: readonly TrialIdentity[];
  readonly requestsPerTrial: number;
}

/** @param trialsWanted Maximum number of trials to compute. */
export async function computeTrials(parent: string, trialsWanted: number): Promise<Computed> {
  const config = readMatrix(matrix, 'bench-summary.yaml', { cwd: parent });
  const parts = {
    targetKinds: targetKinds({ cpus: null, processes: new Processes(cli) }),
    balancerKinds: [],
  };
  const prepared = await prepareRun(config, parts);
  const store = RunStore.create(parent, 'computed');
  const computed = prepareRounds(prepared, 1, 2).slice(0, trialsWanted);
  for (const { identity, plan, scenario } of computed) {
    store.write(`plans/${planName(identity.scenarioId, identity.round)}.plan`, encodePlan(plan));
    const { result, samples } = syntheticTrial(identity, plan, scenario);
    writeFileSync(store.samplesFile(identity.id), samples);
    // The fixture disturbs one trial of the second round; here all are healthy.
    store.writeTrial({ ...result, health: { ...result.health, ok: true, reasons: [] } });
  }
  const trials = computed.map(({ identity }) => identity);
  const strategies = prepared.strategies.map(({ id, label, title }) => ({ id, label, title }));
  store.writeRun({ ...recordOf(store.id, config), trials, strategies });
  return { store, config, trials, requestsPerTrial: computed[0].plan.client.length };
}

/** Writes a run with this many trials. Each round has the files of the first or of the second round. */
export function linkTrials(parent: string, computed: Computed, count: number): Samples {
  const store = RunStore.create(parent, `trials-${count}`);
  const { config, store: from } = computed;
  const trials = Array.from({ length: count }, (_, index) => {
    const original = computed.trials[index % computed.trials.length];
    const round = 2 * Math.floor(index / computed.trials.length) + original.round;
    const plan = planName(original.scenarioId, round);
    const identity = { ...original, round, id: `${original.scenarioId}.${original.strategyId}.r${round}` };
    if (!store.has(`plans/${plan}.plan`)) {
      linkSync(from.planFile(planName(original.scenarioId, original.round)), store.planFile(plan));
    }
    for (const kind of ['samples', 'server']) {
      linkSync(from.path('trials', `${original.id}.${kind}`), store.path('trials', `${identity.id}.${kind}`));
    }
    const record = JSON.parse(readFileSync(from.path('trials', `${original.id}.json`), 'utf8'));
    store.write(`trials/${identity.id}.json`, JSON.stringify({ ...record, identity }));
    return identity;
  });
  const rounds = Math.max(...trials.map(({ round }) => round));
  store.writeRun({ ...from.readRun(), id: store.id, config: { ...config, rounds }, trials });
  return { folder: store.folder, trials: count, requests: count * computed.requestsPerTrial };
}

function recordOf(id: string, config: RunConfig): Omit<RunRecord, 'trials' | 'strategies'> {
  const ended = { at: '2026-01-01T00:01:00.000Z', reason: 'rounds' } as const;
  const environment = {
    ...{ os: 'Linux', kernel: 'Linux 6', cpuModel: 'synthetic', cpus: 2, memoryBytes: 2 ** 33 },
    ...{ node: process.version, idlerace: '0', loadAverage: null, pinning: null },
  };
  return { id, startedAt: '2026-01-01T00:00:00.000Z', ended, config, environment, planFingerprints: {} };
}
