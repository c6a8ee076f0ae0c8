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

/** Least that each purpose needs; the rest of a small limit is taken from the requests per connection. */
export function planBudget(requestsMax: number, requestsPerConnection: number): BudgetPlan {
  const fixed = { 'round trip and headers': 10, 'idle timeout': 60, 'second hop': 250, pipelining: 2 };
  const needed = Object.values(fixed).reduce((sum, count) => sum + count, 0);
  const least = needed - fixed['second hop'] + 1;
  if (requestsMax < least) {
    throw new HarnessError(
      'usage',
      `Cannot probe with ${requestsMax} requests: at least ${least} are needed.`,
      {
        hint: `idlerace probe URL --requests ${needed + requestsPerConnection}`,
      },
    );
  }
  const forLimit = Math.min(requestsPerConnection, Math.max(1, requestsMax - needed));
  const forHop = Math.min(fixed['second hop'], requestsMax - (needed - fixed['second hop']) - forLimit);
  return { ...fixed, 'second hop': Math.max(0, forHop), 'requests per connection': forLimit };
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
