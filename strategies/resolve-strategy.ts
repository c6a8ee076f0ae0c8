/**
 * From what a matrix names to policies: built-in strategies by id, a user's own by path, options
 * checked against the defaults, combinations merged. Everything that a user's file can do wrong
 * ends here, in an error that names the file.
 */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HarnessError, reasonOf } from '../harness/base/errors.ts';
import { nearest } from '../harness/base/nearest.ts';
import { slug, uniqueName } from '../harness/base/slug.ts';
import { type Policy, referencePolicy } from '../harness/contract/policy.ts';
import type {
  OptionValue,
  OptionValues,
  ScenarioFacts,
  StrategyChoice,
  StrategyPart,
} from '../harness/contract/strategy.ts';
import { combinePolicies } from './combine.ts';
import { type AnyStrategy, strategies } from './index.ts';

export interface ResolvedChoice {
  readonly label: string;
  /** The label with everything but [a-z0-9-] replaced; unique in the run. */
  readonly id: string;
  readonly title: string;
  /** @throws HarnessError `strategy-conflict` or `strategy-broken`. */
  policyFor(facts: ScenarioFacts): Policy;
}

interface LoadedPart {
  readonly name: string;
  readonly strategy: AnyStrategy;
  readonly options: OptionValues;
}

/** @throws HarnessError `strategy-unknown`, `strategy-broken`, or `config-invalid` for an option. */
export async function resolveChoices(choices: readonly StrategyChoice[]): Promise<ResolvedChoice[]> {
  const resolved: ResolvedChoice[] = [];
  for (const { label, parts } of choices) {
    const loaded = await Promise.all(parts.map(loadPart));
    resolved.push({
      label,
      id: uniqueName(
        slug(label) || 'strategy',
        resolved.map(({ id }) => id),
      ),
      title: loaded.map(({ strategy }) => strategy.title).join(' + '),
      policyFor: (facts) =>
        combinePolicies(
          referencePolicy(facts.serverIdleTimeoutMs),
          loaded.map((part) => ({ label: part.name, change: changeOf(part, facts) })),
        ),
    });
  }
  return resolved;
}

async function loadPart({ use, options }: StrategyPart): Promise<LoadedPart> {
  const strategy = isAbsolute(use) ? await importStrategy(use) : builtIn(use);
  return { name: use, strategy, options: { ...strategy.defaults, ...checkOptions(use, strategy, options) } };
}

function builtIn(use: string): AnyStrategy {
  const found = strategies.find(({ id }) => id === use);
  if (found !== undefined) return found;
  const ids = strategies.map(({ id }) => id);
  const guess = nearest(use, ids);
  const meant = guess === null ? '' : ` Did you mean "${guess}"?`;
  throw new HarnessError(
    'strategy-unknown',
    `There is no strategy "${use}"; there are: ${ids.join(', ')}.${meant} A file of your own is named by its path: "./${use}.ts".`,
  );
}

async function importStrategy(file: string): Promise<AnyStrategy> {
  if (!existsSync(file)) throw new HarnessError('strategy-unknown', `There is no strategy file "${file}".`);
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    throw brokenFile(file, 'importing it failed', error);
  }
  const strategy = module.default;
  if (strategy === undefined) throw brokenFile(file, 'it has no default export');
  if (!isStrategy(strategy)) {
    throw brokenFile(
      file,
      'its default export needs id, title, summary (texts), defaults (an object) and policy (a function)',
    );
  }
  return strategy;
}

function isStrategy(value: unknown): value is AnyStrategy {
  if (typeof value !== 'object' || value === null) return false;
  const texts = ['id', 'title', 'summary'].every(
    (name) => typeof Reflect.get(value, name) === 'string' && Reflect.get(value, name) !== '',
  );
  const defaults: unknown = Reflect.get(value, 'defaults');
  return (
    texts &&
    typeof defaults === 'object' &&
    defaults !== null &&
    typeof Reflect.get(value, 'policy') === 'function'
  );
}

/** The options given, once each is known and of its default's type. */
function checkOptions(use: string, { defaults }: AnyStrategy, given: OptionValues): OptionValues {
  for (const [name, value] of Object.entries(given)) {
    const names = Object.keys(defaults);
    if (!names.includes(name)) {
      const guess = nearest(name, names);
      const meant = guess === null ? '' : ` Did you mean "${guess}"?`;
      const there = names.length === 0 ? 'it has none' : `there are: ${names.join(', ')}`;
      throw new HarnessError(
        'config-invalid',
        `Strategy "${use}" has no option "${name}"; ${there}.${meant}`,
        {
          hint: 'idlerace list strategies',
        },
      );
    }
    const wanted = defaults[name];
    if (sameType(value, wanted)) continue;
    throw new HarnessError(
      'config-invalid',
      `Option "${name}" of strategy "${use}" is ${JSON.stringify(value)}; expected ${typeName(wanted)}, for example ${JSON.stringify(wanted)}.`,
      { hint: 'idlerace list strategies' },
    );
  }
  return given;
}

/** A default of null stands for "derived": a number or a list may take its place. */
function sameType(value: OptionValue, wanted: OptionValue): boolean {
  if (wanted === null) return value === null || typeof value === 'number' || Array.isArray(value);
  return typeof value === typeof wanted && Array.isArray(value) === Array.isArray(wanted) && value !== null;
}

function typeName(value: OptionValue): string {
  if (value === null) return 'a number, a list or null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function changeOf({ name, strategy, options }: LoadedPart, facts: ScenarioFacts) {
  // The types were checked against the defaults; `never` is what all the strategies' options share.
  const typed = options as never;
  try {
    return strategy.policy(typed, facts);
  } catch (error) {
    if (!isAbsolute(name) && error instanceof RangeError) {
      throw new HarnessError('config-invalid', `Strategy "${name}": ${error.message}.`, {
        hint: 'idlerace list strategies',
      });
    }
    throw brokenFile(name, 'its policy() threw', error);
  }
}

function brokenFile(file: string, what: string, error?: unknown): HarnessError {
  if (error === undefined)
    return new HarnessError('strategy-broken', `Cannot use strategy "${file}": ${what}.`);
  const text = reasonOf(error);
  const line = error instanceof Error ? lineIn(file, error.stack ?? '') : null;
  const where = line === null ? '' : ` (line ${line})`;
  return new HarnessError('strategy-broken', `Cannot use strategy "${file}": ${what}: ${text}${where}`, {
    cause: error,
  });
}

/** Where the stack first touches the file. Node writes it as a path or, escaped, as a URL. */
function lineIn(file: string, stack: string): number | null {
  for (const name of [pathToFileURL(file).href, file]) {
    for (let at = stack.indexOf(name); at !== -1; at = stack.indexOf(name, at + 1)) {
      const line = /^:(\d+)/.exec(stack.slice(at + name.length));
      if (line !== null) return Number(line[1]);
    }
  }
  return null;
}
