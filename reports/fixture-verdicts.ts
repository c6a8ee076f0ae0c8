/** The fixture's verdicts. Every word occurs at least once, each with an interval that leads to it. */
import { noEstimate } from '../harness/contract/estimate.ts';
import type { StrategySummary, Verdict } from '../harness/contract/summary.ts';
import type { StrategyTraits } from './fixture-strategy.ts';

type Verdicts = NonNullable<StrategySummary['versusReference']>;

const worthwhile = 0.1;

export function fixtureVerdicts(traits: StrategyTraits): Verdicts {
  const throughput = without('not-available', 'the number of requests is fixed by the load plan');
  if (!traits.isHealthy) {
    const none = without('no-verdict', 'the generator was late: p99 61.0 ms (limit 50 ms)');
    return {
      errorRate: { ...none, scale: 'difference' },
      responseTimeP50: none,
      responseTimeP99: none,
      cpuPer1000Requests: without('not-available', 'the target’s process is unknown'),
      connectionsOpened: none,
      throughput,
    };
  }
  const isEvicting = traits.label === 'evict';
  return {
    errorRate: {
      word: 'better',
      scale: 'difference',
      effect: { estimate: -0.0293, low: -0.0341, high: -0.0251 },
      worthwhile: 0.0029,
      moreRounds: null,
      reasons: [],
    },
    responseTimeP50: ratio(traits.handshakes > 0 ? 1.87 : isEvicting ? 1.05 : 1.002, 0.03),
    responseTimeP99:
      traits.label === 'evict+retry'
        ? { ...ratio(1.12, 0.22), word: 'undecided', moreRounds: 4 }
        : ratio(traits.label === 'long-idle' ? 0.95 : 1.01, 0.04),
    cpuPer1000Requests: ratio((traits.cpuMs ?? 1) / 182, 0.06),
    connectionsOpened: ratio(Math.max(traits.freshShare, 0.0001) / 0.37, 0.03),
    throughput,
  };
}

function ratio(value: number, spread: number): Verdict {
  const effect = { estimate: value, low: value * (1 - spread), high: value * (1 + spread) };
  const isSlight = effect.low > 1 - worthwhile && effect.high < 1 + worthwhile;
  const direction = effect.high < 1 ? 'better' : effect.low > 1 ? 'worse' : null;
  const word =
    direction === null ? 'no-difference' : isSlight ? (`slightly-${direction}` as const) : direction;
  return { word, scale: 'ratio', effect, worthwhile, moreRounds: null, reasons: [] };
}

function without(word: 'not-available' | 'no-verdict', reason: string): Verdict {
  return { word, scale: 'ratio', effect: noEstimate, worthwhile, moreRounds: null, reasons: [reason] };
}
