/**
 * The conservation laws: what must be equal if nothing was lost between the plan, the client's
 * books and the target's. A broken law means that a number is wrong somewhere, so the trial gets
 * no verdict.
 */
import type { LoadPlan } from '../contract/load-plan.ts';
import { outcomeCode, outcomes } from '../contract/outcome.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import type { TargetReport } from '../contract/target.ts';
import type { CheckedLaw } from '../contract/trial.ts';

/** Both sides of every law; a law holds when they are equal. */
export function checkLaws(
  plan: LoadPlan,
  generator: GeneratorReport,
  target: TargetReport | null,
): readonly CheckedLaw[] {
  const { counters, requests, deaths } = generator;
  const scheduled = plan.loop === 'closed' ? counters.started : plan.client.length;
  const over = requests.outcome.reduce(
    (count, code) => count + Number(code < outcomes.length && code !== outcomeCode.dropped),
    0,
  );
  const attemptsOfRequests = requests.attempts.reduce((sum, attempts) => sum + attempts, 0);
  const laws: CheckedLaw[] = [
    { law: 'scheduled = started + dropped', left: scheduled, right: counters.started + counters.dropped },
    { law: 'started = ok + every failure', left: counters.started, right: over },
    { law: 'attempts = requests + retries', left: counters.attempts, right: attemptsOfRequests },
    {
      law: 'attempts = answered + died',
      left: counters.attempts,
      right: counters.answered + deaths.attempt.length,
    },
  ];
  if (target !== null) {
    laws.push({
      law: 'answers given by the target = answers read by the client + answers to attempts that died',
      left: target.ledger.answers.reduce((sum, answers) => sum + answers, 0),
      right: counters.answered + answersToDeadAttempts(generator, target),
    });
  }
  return laws;
}

/** For each request id at most as many as it had dead attempts: an answer beyond that breaks the law. */
function answersToDeadAttempts({ requests, deaths }: GeneratorReport, { ledger }: TargetReport): number {
  const dead = new Uint8Array(requests.outcome.length);
  for (const request of deaths.request) dead[request]++;
  let count = 0;
  for (let row = 0; row < dead.length; row++) {
    const read = requests.status[row] === 0 ? 0 : 1;
    count += Math.min(dead[row], Math.max(0, ledger.answers[row] - read));
  }
  return count;
}
