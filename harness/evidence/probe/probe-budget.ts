/** How many requests a probe may send, and what for: printed before the first is sent, and never exceeded. */
import { HarnessError } from '../../base/errors.ts';

export const purposes = [
  'round trip and headers',
  'idle timeout',
  'requests per connection',
  'second hop',
  'pipelining',
] as const;
export type Purpose = (typeof purposes)[number];

export type BudgetPlan = Readonly<Record<Purpose, number>>;

/** What cannot be found out with less. */
const fixed = { 'round trip and headers': 10, pipelining: 2 } as const;
/** One watch and one confirmation; with more, a server whose lifetimes differ is watched again. */
const idleMin = 84;
const idleMax = 250;
const secondHopMax = 140;

/** The idle timeout comes first, the requests per connection next, the second hop last: half of what is left each. */
export function planBudget(requestsMax: number, requestsPerConnection: number): BudgetPlan {
  const needed = fixed['round trip and headers'] + fixed.pipelining + idleMin;
  const rest = requestsMax - needed;
  if (rest < 2) {
    throw new HarnessError(
      'usage',
      `Cannot probe with ${requestsMax} requests: at least ${needed + 2} are needed.`,
      {
        hint: `idlerace probe URL --requests ${needed - idleMin + idleMax + secondHopMax + requestsPerConnection}`,
      },
    );
  }
  const moreIdle = Math.min(idleMax - idleMin, Math.floor(rest / 2));
  const forLimit = Math.min(requestsPerConnection, Math.floor((rest - moreIdle) / 2) || 1);
  return {
    ...fixed,
    'idle timeout': idleMin + moreIdle,
    'requests per connection': forLimit,
    'second hop': Math.min(secondHopMax, rest - moreIdle - forLimit),
  };
}

export class ProbeBudget {
  readonly plan: BudgetPlan;
  readonly #left = new Map<Purpose, number>();
  spent = 0;

  constructor(plan: BudgetPlan) {
    this.plan = plan;
    for (const purpose of purposes) this.#left.set(purpose, plan[purpose]);
  }

  left(purpose: Purpose): number {
    return this.#left.get(purpose) ?? 0;
  }

  /** @returns Whether there was enough left; nothing is taken otherwise. */
  take(purpose: Purpose, count = 1): boolean {
    const left = this.left(purpose);
    if (left < count) return false;
    this.#left.set(purpose, left - count);
    this.spent += count;
    return true;
  }
}
