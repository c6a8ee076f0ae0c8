/**
 * The conservation laws: what must be equal if nothing was lost between the client's books and the
 * target's. A broken law means that a number is wrong somewhere, so the trial gets no verdict.
 */
import type { LoadPlan } from '../contract/load-plan.ts';
import { outcomeCode, outcomes } from '../contract/outcome.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import type { TargetReport } from '../contract/target.ts';
import type { BrokenLaw } from '../contract/trial.ts';

/** Every law that does not hold, with both sides; empty when all do. */
export function brokenLaws(
  plan: LoadPlan,
  generator: GeneratorReport,
  target: TargetReport | null,
): readonly BrokenLaw[] {
  const { counters, requests, deaths } = generator;
  const scheduled = plan.loop === 'closed' ? counters.started : plan.client.length;
  const done = requests.outcome.reduce(
    (count, code) => count + Number(code < outcomes.length && code !== outcomeCode.dropped),
    0,
  );
  const attemptsOfRows = requests.attempts.reduce((sum, attempts) => sum + attempts, 0);
  const sides: BrokenLaw[] = [
    { law: 'scheduled = started + dropped', left: scheduled, right: counters.started + counters.dropped },
    { law: 'started = ok + every failure', left: counters.started, right: done },
    { law: 'attempts = requests + retries', left: counters.attempts, right: attemptsOfRows },
    {
      law: 'attempts = answered + died',
      left: counters.attempts,
      right: counters.answered + deaths.attempt.length,
    },
  ];
  if (target !== null) {
    sides.push({
      law: 'answered by the target = read by the client + executed without an answer read',
      left: target.answered,
      right: counters.answered + executedUnread(generator, target),
    });
  }
  return sides.filter(({ left, right }) => left !== right);
}

/** Executions whose answer the client never read: at most one answer per request is read. */
function executedUnread({ requests }: GeneratorReport, { ledger }: TargetReport): number {
  let unread = 0;
  for (let row = 0; row < ledger.executions.length; row++) {
    const read = requests.status[row] === 0 ? 0 : 1;
    unread += Math.max(0, ledger.executions[row] - read);
  }
  return unread;
}
