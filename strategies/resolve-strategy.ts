/**
 * Turns the strategies that a matrix names into policies: loads the parts of a choice and merges their changes. The
 * variants of a choice are the same strategies with other option values; a refusal names the nearest that can run.
 */
import { slug, uniqueName } from '../harness/base/slug.ts';
import { type Policy, referencePolicy } from '../harness/contract/policy.ts';
import type { OptionValues, ScenarioFacts, StrategyChoice } from '../harness/contract/strategy.ts';
import { combinePolicies } from './combine.ts';
import { changeOf, type LoadedPart, loadPart } from './load-strategy.ts';

interface Variant {
  /** For example `evict(checkedAt=timer)+retry`. */
  readonly label: string;
  /** @throws HarnessError `strategy-conflict`, `strategy-broken`, or `config-invalid` for an option. */
  policyFor(facts: ScenarioFacts): Policy;
}

export interface ResolvedChoice extends Variant {
  /** The label with everything but [a-z0-9-] replaced; unique in the run. */
  readonly id: string;
  readonly title: string;
  /** Sets each option that has few values to each of them; variants with the fewest changes come first. */
  readonly variants: readonly Variant[];
}

/** @throws HarnessError `strategy-unknown`, `strategy-broken`, or `config-invalid` for an option. */
export async function resolveChoices(choices: readonly StrategyChoice[]): Promise<ResolvedChoice[]> {
  const resolved: ResolvedChoice[] = [];
  for (const { label, parts } of choices) {
    const loaded = await Promise.all(parts.map(loadPart));
    const taken = resolved.map(({ id }) => id);
    resolved.push({
      label,
      id: uniqueName(slug(label) || 'strategy', taken),
      title: loaded.map(({ strategy }) => strategy.title).join(' + '),
      policyFor: (facts) => policyOf(loaded, facts),
      // Their number grows with each part; only a refusal asks for them.
      get variants() {
        return variantsOf(loaded);
      },
    });
  }
  return resolved;
}

function policyOf(parts: readonly LoadedPart[], facts: ScenarioFacts): Policy {
  return combinePolicies(
    referencePolicy(facts.serverIdleTimeoutMs),
    parts.map((part) => ({ label: part.name, change: changeOf(part, facts) })),
  );
}

interface Changed<Value> {
  readonly value: Value;
  /** Options that differ from the choice's. */
  readonly changes: number;
}

function variantsOf(loaded: readonly LoadedPart[]): Variant[] {
  let variants: Changed<LoadedPart[]>[] = [{ value: [], changes: 0 }];
  for (const part of loaded) {
    variants = variants.flatMap((before) =>
      otherOptions(part).map(({ value: options, changes }) => ({
        value: [...before.value, { ...part, options }],
        changes: before.changes + changes,
      })),
    );
  }
  return variants
    .filter(({ changes }) => changes > 0)
    .sort((a, b) => a.changes - b.changes)
    .map(({ value: parts }) => ({
      label: parts.map(labelOf).join('+'),
      policyFor: (facts) => policyOf(parts, facts),
    }));
}

function otherOptions({ strategy, options }: LoadedPart): Changed<OptionValues>[] {
  let sets: Changed<OptionValues>[] = [{ value: options, changes: 0 }];
  for (const [name, option] of Object.entries(strategy.options)) {
    const current = options[name] ?? option.default;
    const others = option.values.filter((value) => value !== current);
    sets = sets.flatMap((before) => [
      before,
      ...others.map((value) => ({ value: { ...before.value, [name]: value }, changes: before.changes + 1 })),
    ]);
  }
  return sets;
}

function labelOf({ name, options }: LoadedPart): string {
  const given = Object.entries(options).map(
    ([option, value]) => `${option}=${Array.isArray(value) ? `[${value.join(', ')}]` : value}`,
  );
  return given.length === 0 ? name : `${name}(${given.join(', ')})`;
}
