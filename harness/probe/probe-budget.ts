/** How many requests a probe may send, and what for: said before the first is sent, and kept. */
import { HarnessError } from '../base/errors.ts';

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
const fixed = { 'round trip and headers': 10, 'idle timeout': 60, pipelining: 2 } as const;
const secondHopMax = 250;

/** Half of what is left goes to the requests per connection, as far as they are wanted; the rest to the second hop. */
export function planBudget(requestsMax: number, requestsPerConnection: number): BudgetPlan {
  const needed = Object.values(fixed).reduce<number>((sum, count) => sum + count, 0);
  const rest = requestsMax - needed;
  if (rest < 2) {
    throw new HarnessError(
      'usage',
      `Cannot probe with ${requestsMax} requests: at least ${needed + 2} are needed.`,
      { hint: `idlerace probe URL --requests ${needed + secondHopMax + requestsPerConnection}` },
    );
  }
  const forLimit = Math.min(requestsPerConnection, Math.floor(rest / 2));
  return {
    ...fixed,
    'requests per connection': forLimit,
    'second hop': Math.min(secondHopMax, rest - forLimit),
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
