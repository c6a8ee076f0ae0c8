/**
 * Loads a strategy that a matrix names, and checks its options. A built-in strategy is named by its id, a user's file by
 * its path. Every fault in a user's file becomes an error that names the file.
 */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HarnessError, reasonOf } from '../harness/base/errors.ts';
import { didYouMean, nearest } from '../harness/base/nearest.ts';
import type { PolicyChange } from '../harness/contract/policy.ts';
import type { Setting } from '../harness/contract/setting.ts';
import {
  type OptionValue,
  type OptionValues,
  type ScenarioFacts,
  type Strategy,
  type StrategyPart,
  strategy,
} from '../harness/contract/strategy.ts';
import { strategies } from './index.ts';

export interface LoadedPart {
  readonly name: string;
  readonly strategy: Strategy;
  /** The options that the matrix gives; the others have their defaults. */
  readonly options: OptionValues;
}

/** @throws HarnessError `strategy-unknown`, `strategy-broken`, or `config-invalid` for an option. */
export async function loadPart({ use, options }: StrategyPart): Promise<LoadedPart> {
  const found = isAbsolute(use) ? await importStrategy(use) : builtIn(use);
  checkOptions(use, found, options);
  return { name: use, strategy: found, options };
}

function builtIn(use: string): Strategy {
  const found = strategies.find(({ id }) => id === use);
  if (found !== undefined) return found;
  const ids = strategies.map(({ id }) => id);
  const meant = didYouMean(nearest(use, ids));
  throw new HarnessError(
    'strategy-unknown',
    `There is no strategy "${use}"; there are: ${ids.join(', ')}.${meant} Name a file by its path: "./${use}.ts".`,
  );
}

async function importStrategy(file: string): Promise<Strategy> {
  if (!existsSync(file)) throw new HarnessError('strategy-unknown', `There is no strategy file "${file}".`);
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    throw brokenFile(file, 'importing it failed', error);
  }
  const found = module.default;
  if (found === undefined) throw brokenFile(file, 'it has no default export');
  if (!isUserStrategy(found)) {
    throw brokenFile(
      file,
      'its default export needs id, title, summary (texts), defaults (an object) and policy (a function)',
    );
  }
  const options = Object.entries(found.defaults).map(([name, value]): [string, Setting<OptionValue>] => [
    name,
    optionLike(value),
  ]);
  return strategy({
    ...found,
    options: Object.fromEntries(options),
    policy: (given, facts) => found.policy(given, facts),
  });
}

/** A user's file needs no import: it states the defaults of its options, and the types follow from them. */
interface UserStrategy extends Omit<Strategy, 'options'> {
  readonly defaults: OptionValues;
}

function isUserStrategy(value: unknown): value is UserStrategy {
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

/** Allows any value of the default's type. A default of null means "derived" and also allows a number or a list. */
function optionLike(initial: OptionValue): Setting<OptionValue> {
  const typeOf = (value: unknown) => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);
  const types = initial === null ? ['number', 'list', 'null'] : [typeOf(initial)];
  return {
    default: initial,
    says: '',
    of: null,
    expected: `of type ${types.join(' or ')}`,
    schema: {},
    values: [],
    allows: (value): value is OptionValue => types.includes(typeOf(value)),
  };
}

/** @throws HarnessError `config-invalid` unless each option exists and allows its value. */
function checkOptions(use: string, { options }: Strategy, given: OptionValues): void {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(options, name)) {
      const names = Object.keys(options);
      const meant = didYouMean(nearest(name, names));
      const there = names.length === 0 ? 'it has none' : `there are: ${names.join(', ')}`;
      throw optionError(`Strategy "${use}" has no option "${name}"; ${there}.${meant}`);
    }
    const { allows, expected } = options[name];
    if (allows(value)) continue;
    const found = JSON.stringify(value);
    throw optionError(`Strategy "${use}": "${name}" must be ${expected}: current value is ${found}.`);
  }
}

/** The policy change of a part under these facts. @throws HarnessError `strategy-broken`, or `config-invalid` for an option. */
export function changeOf(
  { name, strategy: { policy }, options }: LoadedPart,
  facts: ScenarioFacts,
): PolicyChange {
  try {
    return policy(options, facts);
  } catch (error) {
    if (isAbsolute(name) || !(error instanceof RangeError))
      throw brokenFile(name, 'its policy() threw', error);
    throw optionError(`Strategy "${name}": ${error.message}.`);
  }
}

function optionError(message: string): HarnessError {
  return new HarnessError('config-invalid', message, { hint: 'idlerace list strategies' });
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
