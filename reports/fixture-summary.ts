/**
 * A summary as the quickstart leaves it, and a 3 × 3 sweep, for the tests of all reports: plausible
 * figures drawn from a seed, nulls in places, and a strategy whose name means harm. Not measured.
 */
import { prng } from '../harness/base/prng.ts';
import type { BalancerConfig } from '../harness/contract/balancer.ts';
import type { ReportInput } from '../harness/contract/report.ts';
import { type RunConfig, type ScenarioConfig, worthwhileDefaults } from '../harness/contract/run-config.ts';
import type { HopSummary, RaceRow, ScenarioSummary, Warning } from '../harness/contract/summary.ts';
import { fixtureStrategies, fixtureStrategy, type StrategyTraits } from './fixture-strategy.ts';

/** A name that must stay text wherever it lands. */
export const hostileName = './mine</script> pre$ ` <b>|\u001b[31m.ts';

const reference = 'reuse';

export function fixtureInput(): ReportInput {
  const scenario = fixtureScenario(scenarioConfig('main', {}, 10, 500), fixtureStrategies);
  return {
    summary: summaryOf(
      'quickstart',
      [scenario],
      [
        { code: 'executed-twice', data: { scenario: 'main', strategy: 'retry', requests: 41 } },
        {
          code: 'prediction-missed',
          data: {
            scenario: 'main',
            strategy: 'retry',
            predicted: 0.0281,
            difference: 0.0022,
            low: 0.0004,
            high: 0.004,
          },
        },
        {
          code: 'trial-unhealthy',
          data: { trial: `main.${hostileName}.r2`, reasons: ['generator late: p99 61 ms, limit 50 ms'] },
        },
      ],
    ),
    races: fixtureRaces(),
  };
}

/** Round trip × idle timeout, 9 scenarios. */
export function sweepInput(): ReportInput {
  const scenarios = [2, 10, 40].flatMap((rttMs) =>
    [250, 500, 1_000].map((idleTimeoutMs) => {
      const axes = { 'network.rtt': `${rttMs}ms`, 'target.idleTimeout': `${idleTimeoutMs}ms` };
      const strength = (rttMs + 4) / 14 / (idleTimeoutMs / 500);
      const traits = fixtureStrategies.map((one) => ({ ...one, raceRate: one.raceRate * strength }));
      return fixtureScenario(
        scenarioConfig(`rtt-${rttMs}ms.idle-${idleTimeoutMs}ms`, axes, rttMs, idleTimeoutMs),
        traits,
      );
    }),
  );
  return { summary: summaryOf('round trip × idle timeout', scenarios, []), races: fixtureRaces() };
}

/** The same behind a balancer: 31 attempts of the reference died on the second hop. */
export function behindBalancerInput(): ReportInput {
  const input = fixtureInput();
  const scenarios = input.summary.scenarios.map((scenario) => ({
    ...scenario,
    config: { ...scenario.config, via: balancer, network: { rttMs: 0, upstreamRttMs: 10 } },
    strategies: scenario.strategies.map((strategy) => ({
      ...strategy,
      hop: strategy.ledger === null ? null : { ...hop, ...(strategy.label === reference ? deaths : {}) },
    })),
  }));
  const config = {
    ...input.summary.run.config,
    scenarios: scenarios.map((scenario) => scenario.config),
  };
  return { ...input, summary: { ...input.summary, scenarios, run: { ...input.summary.run, config } } };
}

const balancer: BalancerConfig = {
  kind: 'nginx',
  clientIdleTimeoutMs: 75_000,
  upstreamIdleTimeoutMs: 60_000,
  upstreamConnectionsMax: 512,
  upstreamRequestsMax: 1_000_000,
  nextUpstream: ['error', 'timeout'],
};
const hop: HopSummary = {
  requestsSentOn: 1_640,
  upstreamAttempts: 1_640,
  upstreamDeaths: 0,
  retriedByBalancer: 0,
  madeByBalancer: 0,
  silentCloses: 0,
};
const deaths = { upstreamDeaths: 31, madeByBalancer: 31 };

/** A run that was cut off before anything finished. */
export function emptyInput(): ReportInput {
  const { summary } = fixtureInput();
  const warnings: Warning[] = [{ code: 'interrupted', data: { trialsDone: 0, trialsPlanned: 21 } }];
  return {
    summary: { ...summary, run: { ...summary.run, interrupted: true }, scenarios: [], warnings },
    races: [],
  };
}

function summaryOf(
  name: string,
  scenarios: readonly ScenarioSummary[],
  warnings: readonly Warning[],
): ReportInput['summary'] {
  const config: RunConfig = {
    name,
    seed: 42,
    rounds: 3,
    until: null,
    repeatUnhealthyMax: 1,
    worthwhile: worthwhileDefaults,
    generators: 1,
    warmupMs: 1_000,
    durationMs: 8_000,
    strategies: fixtureStrategies.map(({ label }) => ({ label, parts: [{ use: label, options: {} }] })),
    reference,
    scenarios: scenarios.map((scenario) => scenario.config),
    allowHosts: [],
  };
  const environment = {
    os: 'Debian GNU/Linux 12 (bookworm)',
    kernel: 'Linux 6.1.0',
    cpuModel: 'Example CPU @ 2.40GHz',
    cpus: 2,
    memoryBytes: 8 * 2 ** 30,
    node: 'v24.21.0',
    idlerace: '0.1.0',
    loadAverage: 0.31,
    pinning: { generator: '0', target: '1' },
  };
  const run = {
    id: '2026-11-23T10-15-00-quickstart',
    name,
    seed: 42,
    startedAt: '2026-11-23T10:15:00.000Z',
    finishedAt: '2026-11-23T10:16:08.412Z',
    interrupted: false,
    stopped: { reason: 'rounds', open: [] } as const,
    config,
    environment,
    floor: [{ clientKind: 'lean', requests: 301, responseTimeMs: { p50: 0.21, p99: 0.84 } }],
  };
  return { schemaVersion: 2, run, scenarios, warnings };
}

function scenarioConfig(
  id: string,
  axes: ScenarioConfig['axes'],
  rttMs: number,
  idleTimeoutMs: number,
): ScenarioConfig {
  return {
    id,
    axes,
    target: {
      kind: 'embedded',
      idleTimeoutMs,
      tls: false,
      insecure: false,
      idleJitterMs: 0,
      advertise: null,
      serviceMs: { kind: 'fixed', value: 1 },
      serviceBy: 'wait',
      responseBytes: { kind: 'fixed', value: 200 },
      faults: {},
      faultMs: 1_000,
    },
    via: null,
    network: { rttMs, upstreamRttMs: 0 },
    traffic: { kind: 'think-time', clients: 400, gapMs: { kind: 'exponential', mean: idleTimeoutMs } },
    requests: [
      {
        weight: 1,
        template: { method: 'POST', path: '/orders', headers: { 'content-type': 'application/json' } },
        bodyBytes: { kind: 'fixed', value: 300 },
      },
    ],
    client: {
      kind: 'lean',
      settings: 'policy',
      connectionsPerClientMax: null,
      connectTimeoutMs: 2_000,
      requestTimeoutMs: 5_000,
    },
    lagAllowance: { serverLagMs: 20, clientLagMs: 20 },
  };
}

function fixtureScenario(config: ScenarioConfig, traits: readonly StrategyTraits[]): ScenarioSummary {
  const all = traits.map((one) => fixtureStrategy(one, config, one.label === reference));
  return {
    id: config.id,
    axes: config.axes,
    config,
    planFingerprints: ['9f2c1b7a00e4d318', '4410c2aa9be7f05d', 'b07e55d1c3a8620f'],
    prediction: all[0].prediction,
    idleTimeout: {
      configuredMs: config.target.idleTimeoutMs,
      differs: false,
      seenMs: null,
      evidence: { closes: 0, closesAsConfigured: 0, reusesBeyond: 0, longestReuseMs: null },
    },
    inference: { comparisons: 30, familyErrorMax: 0.05, levelAtThisLook: 0.05, rounds: 3, look: null },
    strategies: all,
  };
}

function fixtureRaces(): RaceRow[] {
  const random = prng('fixture races');
  return Array.from({ length: 40 }, (_, race) => ({
    scenario: 'main',
    strategy: race % 5 === 0 ? hostileName : reference,
    round: 1 + (race % 3),
    warmup: race < 3,
    request: race * 37,
    client: race * 3,
    attempt: 1,
    method: 'POST',
    outcome: 'idle-race',
    sign: race % 2 === 0 ? 'rst' : 'fin',
    reused: true,
    connection: race,
    localPort: 40_000 + race,
    idleAgeMs: race === 7 ? null : 488 + 12 * random(),
    sentMs: 1_000 + 200 * race,
    diedAfterMs: 10 * random(),
    bytesWritten: 480,
    bytesRead: 0,
    executions: race === 9 ? null : 0,
  }));
}
