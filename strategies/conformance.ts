/**
 * What every strategy must be, built in or a user's own: one suite for all of them. It returns what is
 * wrong instead of asserting, so that a test, or a user's own check, can say it in its own way.
 */

import { isDeepStrictEqual } from 'node:util';
import { reasonOf } from '../harness/base/errors.ts';
import {
  knobValues,
  type Policy,
  type PolicyChange,
  policyDifference,
  referencePolicy,
} from '../harness/contract/policy.ts';
import type { ScenarioFacts, Strategy } from '../harness/contract/strategy.ts';
import { combinePolicies } from './combine.ts';

/** @returns One sentence for each thing that is wrong under these facts; empty when all is well. */
export function strategyFaults(strategy: Strategy, facts: ScenarioFacts): string[] {
  const faults: string[] = [];
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(strategy.id)) faults.push(`id "${strategy.id}" is not in kebab case`);
  if (strategy.title.trim() === '') faults.push('title is empty');
  if (!/^[A-Z].*\.$/.test(strategy.summary) || /\. [A-Z]/.test(strategy.summary)) {
    faults.push('summary is not one sentence');
  }
  for (const name of Object.keys(strategy.options)) {
    if (/(timeout|interval|margin|backoff)$/i.test(name)) faults.push(`option "${name}" lacks its unit`);
  }
  return [...faults, ...policyFaults(strategy, facts)];
}

function policyFaults(strategy: Strategy, facts: ScenarioFacts): string[] {
  const frozenFacts = deepFreeze(structuredClone(facts));
  const ask = () => strategy.policy({}, frozenFacts);
  const reference = referencePolicy(facts.serverIdleTimeoutMs);
  try {
    const change = ask();
    const policy = combinePolicies(reference, [{ label: strategy.id, change }]);
    const faults = [...differenceFaults(policy, reference, change), ...valueFaults(policy, facts)];
    if (!isDeepStrictEqual(ask(), change)) faults.push('policy() gives two answers to one question');
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(change)), change)) {
      faults.push('policy() is not plain data');
    }
    return faults;
  } catch (error) {
    return [reasonOf(error)];
  }
}

/** A knob set to what it is anyway takes it from the strategies that this one is combined with. */
function differenceFaults(policy: Policy, reference: Policy, change: PolicyChange): string[] {
  const changed = policyDifference(policy, reference).map(({ knob }) => knob);
  return knobValues(change)
    .filter(([knob]) => !changed.includes(knob))
    .map(([knob]) => `it sets ${knob} to what the reference has`);
}

function valueFaults({ connection, retry, server }: Policy, facts: ScenarioFacts): string[] {
  const faults: string[] = [];
  // What a strategy tells the server changes nothing about a balancer before it.
  const isBalanced = facts.peerIdleTimeoutMs !== facts.serverIdleTimeoutMs;
  const peerMs = (isBalanced ? facts.peerIdleTimeoutMs : server.idleTimeoutMs) ?? Number.POSITIVE_INFINITY;
  if (connection.idleTimeoutMs !== null && connection.idleTimeoutMs > peerMs) {
    faults.push('the client keeps a connection longer than the server does');
  }
  if (retry.attemptsMax > 1 && retry.on.length === 0) faults.push('it retries, and on nothing');
  return faults;
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
