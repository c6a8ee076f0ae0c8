/**
 * What every strategy must be, built in or a user's own: one suite for all of them. It returns what is
 * wrong instead of asserting, so that a test, or a user's own check, can say it in its own way.
 */
import { type Policy, referencePolicy } from '../harness/contract/policy.ts';
import type { ScenarioFacts } from '../harness/contract/strategy.ts';
import { combinePolicies } from './combine.ts';
import type { AnyStrategy } from './index.ts';

/** @returns One sentence for each thing that is wrong under these facts; empty when all is well. */
export function strategyFaults(strategy: AnyStrategy, facts: ScenarioFacts): string[] {
  const faults: string[] = [];
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(strategy.id)) faults.push(`id "${strategy.id}" is not in kebab case`);
  if (strategy.title.trim() === '') faults.push('title is empty');
  if (!/^[A-Z].*\.$/.test(strategy.summary) || /\. [A-Z]/.test(strategy.summary)) {
    faults.push('summary is not one sentence');
  }
  for (const name of Object.keys(strategy.defaults)) {
    if (/(timeout|interval|margin|backoff)$/i.test(name)) faults.push(`option "${name}" lacks its unit`);
  }
  return [...faults, ...policyFaults(strategy, facts)];
}

function policyFaults(strategy: AnyStrategy, facts: ScenarioFacts): string[] {
  const options = deepFreeze(structuredClone(strategy.defaults));
  const frozenFacts = deepFreeze(structuredClone(facts));
  const ask = () => strategy.policy(options as never, frozenFacts);
  const change = ask();
  const faults: string[] = [];
  if (JSON.stringify(ask()) !== JSON.stringify(change))
    faults.push('policy() gives two answers to one question');
  if (JSON.stringify(structuredClone(change)) !== JSON.stringify(change))
    faults.push('policy() is not plain data');
  const reference = referencePolicy(facts.serverIdleTimeoutMs);
  try {
    const policy = combinePolicies(reference, [{ label: strategy.id, change }]);
    faults.push(...valueFaults(policy));
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  return faults;
}

function valueFaults({ connection, retry, server }: Policy): string[] {
  const faults: string[] = [];
  if (connection.idleTimeoutMs !== null && connection.idleTimeoutMs > server.idleTimeoutMs) {
    faults.push('the client keeps a connection longer than the server does');
  }
  if (retry.attemptsMax > 1 && retry.on.length === 0) faults.push('it retries, and on nothing');
  if (server.idleTimeoutMs < 1) faults.push('the server cannot keep connections for less than 1 ms');
  return faults;
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
