/** `--dry-run`: what would run, as text; the policies as the difference from the reference. */
import { viaText } from '../../reports/hop-text.ts';
import { goalText } from '../../reports/stop-sentence.ts';
import { plannedLooks } from '../../results/statistics/planned-looks.ts';
import { formatDuration } from '../base/units.ts';
import { type Policy, policyDifference, referencePolicy } from '../contract/policy.ts';
import type { RunConfig, ScenarioConfig, UntilConfig } from '../contract/run-config.ts';
import type { PreparedRun } from './prepare-run.ts';
import { trialMsOf, trialsPerRound } from './run-times.ts';

export function describeRun({ config, scenarios, strategies, first }: PreparedRun): string {
  const lines = [
    `${config.name}: ${scenarios.length} scenario(s) × ${strategies.length} strategies × ${config.rounds} round(s) = ${trialsPerRound(config) * config.rounds} trials${config.until === null ? '' : ' at most'}`,
    `each ${formatDuration(config.warmupMs)} warm-up + ${formatDuration(config.durationMs)} measured; about ${duration(config)} in all; seed ${config.seed}`,
    ...(config.until === null ? [] : [describeUntil(config.until, config.rounds)]),
  ];
  for (const { scenario, strategies: ofScenario } of scenarios) {
    lines.push('', `scenario ${scenario.id}: ${describeScenario(scenario)}`);
    for (let round = 1; round <= config.rounds; round++) {
      const trial = first.find(
        ({ identity }) => identity.scenarioId === scenario.id && identity.round === round,
      );
      if (trial !== undefined) {
        const { plan } = trial;
        lines.push(`  round ${round}: ${plan.client.length} requests, plan ${plan.fingerprint}`);
      }
    }
    for (const { choice, policy } of ofScenario) {
      lines.push(`  ${choice.label}: ${policyChanges(policy, scenario)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function duration(config: RunConfig): string {
  const allMs = trialsPerRound(config) * config.rounds * trialMsOf(config);
  const mostMs = config.until?.timeMsMax ?? null;
  const text = formatDuration(Math.round(Math.min(allMs, mostMs ?? allMs) / 1_000) * 1_000);
  return config.until === null ? text : `${text} at most`;
}

function describeUntil(until: UntilConfig, roundsMax: number): string {
  const end = until.goal.kind === 'decided' ? 'every verdict is decided' : `${goalText(until)} is reached`;
  return `ends when ${end}; looks at the data after ${plannedLooks(roundsMax).join(', ')} rounds`;
}

function describeScenario(scenario: ScenarioConfig): string {
  const { target, network, traffic, client } = scenario;
  const via = viaText(scenario);
  const { idleTimeoutMs } = target;
  return [
    `target ${target.kind}, idle timeout ${idleTimeoutMs === null ? 'none' : formatDuration(idleTimeoutMs)}`,
    ...(via === null ? [] : [`via ${via}`]),
    `round trip ${formatDuration(network.rttMs)}`,
    `traffic ${traffic.kind}, ${traffic.clients} clients`,
    `client ${client.kind}${client.settings === 'own' ? ' with its own settings' : ''}`,
  ].join('; ');
}

/** For example `connection.idleTimeoutMs = 440`. */
function policyChanges(policy: Policy, scenario: ScenarioConfig): string {
  const reference = referencePolicy(scenario.target.idleTimeoutMs);
  const changes = policyDifference(policy, reference).map(
    ({ knob, value }) => `${knob} = ${JSON.stringify(value)}`,
  );
  return changes.length === 0 ? 'the reference policy' : changes.join(', ');
}
