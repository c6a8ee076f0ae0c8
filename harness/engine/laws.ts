/**
 * The conservation laws: what must be equal if nothing was lost between the plan, the client's
 * books and the target's. A broken law means that a number is wrong somewhere, so the trial gets
 * no verdict.
 */
import type { BalancerReport } from '../contract/balancer.ts';
import type { CaptureReport, PacketAccount } from '../contract/capture.ts';
import type { LoadPlan } from '../contract/load-plan.ts';
import { outcomeCode, outcomes } from '../contract/outcome.ts';
import { type DeathSign, deathSigns, type GeneratorReport } from '../contract/samples.ts';
import type { TargetReport } from '../contract/target.ts';
import type { CheckedLaw } from '../contract/trial.ts';

/** What the other side wrote down; null: it keeps no books, or does not exist. */
export interface ServerBooks {
  readonly target: TargetReport | null;
  readonly balancer: BalancerReport | null;
  /** Packets between the client and what it talks to. */
  readonly capture: CaptureReport | null;
}

/** A broken law with the values of both sides. */
export function lawWords({ law, left, right }: CheckedLaw): string {
  return `${law} (${left} ≠ ${right})`;
}

/** The reason that a broken law adds to a trial's health. */
export function lawReason(law: CheckedLaw): string {
  return `a law is broken: ${lawWords(law)}`;
}

/** Both sides of every law; a law holds when they are equal. */
export function checkLaws(
  plan: LoadPlan,
  generator: GeneratorReport,
  { target, balancer, capture }: ServerBooks,
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
  if (balancer !== null) laws.push(answersLaw('balancer', generator, balancer.answers));
  else if (target !== null) laws.push(answersLaw('target', generator, target.ledger.answers));
  if (balancer !== null && target !== null) {
    const { upstreamAttempts, upstreamDeaths } = balancer;
    laws.push({
      law: 'answers given by the target = attempts of the balancer − those that it saw die + answers to them',
      left: sum(target.ledger.answers),
      right: sum(upstreamAttempts) - sum(upstreamDeaths) + answersUnread(balancer, target.ledger.answers),
    });
  }
  if (capture !== null && capture.incompleteBecause === null) {
    laws.push(...packetLaws(generator, capture.account));
  }
  return laws;
}

/** Deaths of requests that left and got no byte of an answer, of those that the server's side brought about; EPIPE follows a FIN. */
function packetLaws({ deaths, connections }: GeneratorReport, account: PacketAccount): CheckedLaw[] {
  const signs = Array.from(deaths.sign, (code, row) =>
    deaths.bytesRead[row] === 0 && deaths.bytesWritten[row] > 0 ? deathSigns[code] : null,
  );
  const inBooks = (...wanted: DeathSign[]) =>
    signs.filter((sign) => sign !== null && wanted.includes(sign)).length;
  const inPackets = (wanted: 'fin' | 'rst') => account.deaths.filter(({ sign }) => sign === wanted).length;
  const connected = connections.connectedNs.filter((atNs) => !Number.isNaN(atNs)).length;
  return [
    {
      law: 'connections in the packets = connections in the books',
      left: account.connections,
      right: connected,
    },
    {
      law: 'deaths by FIN in the packets = in the books',
      left: inPackets('fin'),
      right: inBooks('fin', 'epipe'),
    },
    { law: 'deaths by RST in the packets = in the books', left: inPackets('rst'), right: inBooks('rst') },
  ];
}

function answersLaw(by: 'target' | 'balancer', generator: GeneratorReport, answers: Uint8Array): CheckedLaw {
  return {
    law: `answers given by the ${by} = answers read by the client + answers to attempts that died`,
    left: sum(answers),
    right: generator.counters.answered + answersToDeadAttempts(generator, answers),
  };
}

/** For each request id at most as many as the balancer saw attempts die. */
function answersUnread({ upstreamAttempts, upstreamDeaths }: BalancerReport, answers: Uint8Array): number {
  let count = 0;
  for (let row = 0; row < answers.length; row++) {
    const read = upstreamAttempts[row] - upstreamDeaths[row];
    count += Math.min(upstreamDeaths[row], Math.max(0, answers[row] - read));
  }
  return count;
}

function sum(column: Uint8Array): number {
  return column.reduce((total, value) => total + value, 0);
}

/** For each request id at most as many as it had dead attempts: an answer beyond that breaks the law. */
function answersToDeadAttempts({ requests, deaths }: GeneratorReport, answers: Uint8Array): number {
  const dead = new Uint8Array(requests.outcome.length);
  for (const request of deaths.request) dead[request]++;
  let count = 0;
  for (let row = 0; row < dead.length; row++) {
    const read = requests.status[row] === 0 ? 0 : 1;
    count += Math.min(dead[row], Math.max(0, answers[row] - read));
  }
  return count;
}
