/** Spreads `sweep:` out: every combination of its values is a scenario of its own. */
import { slug, uniqueName } from '../base/slug.ts';
import { formatDuration } from '../base/units.ts';
import { noSuchField } from './issue-problems.ts';
import { matrix, scenarioFields } from './matrix-schema.ts';
import { fieldExists, schemaKeysAt } from './schema-keys.ts';
import type { Path, Problem } from './source.ts';

export interface RawScenario {
  readonly id: string;
  /** Swept field → value as written. */
  readonly axes: Readonly<Record<string, string | number | boolean>>;
  /** The matrix with the swept values in their places and without `sweep`. */
  readonly content: Record<string, unknown>;
  /** Where in the file the field at `path` was written: itself, or a value below `sweep`. */
  origin(path: Path): Path;
  /** The fields that the schema has at `path`. */
  schemaKeys(path: Path): readonly string[];
}

/** More scenarios than this are a mistake: even at 10 s each, 500 take over an hour per strategy and round. */
const scenariosMax = 500;

/** Fields that cannot be swept are told and left out, so that the rest can still be checked. */
export function spreadSweep(raw: Record<string, unknown>): { scenarios: RawScenario[]; problems: Problem[] } {
  const { sweep, ...base } = raw;
  const problems: Problem[] = [];
  const axes = readAxes(sweep, base, problems);
  const size = axes.reduce((product, [, values]) => product * values.length, 1);
  if (size > scenariosMax) {
    problems.push({
      path: ['sweep'],
      says: `it makes ${size} scenarios; at most ${scenariosMax} are possible`,
    });
  }
  const choices = size > scenariosMax ? [[]] : combinations(axes);
  const scenarios: RawScenario[] = [];
  for (const choice of choices) scenarios.push(makeScenario(base, choice, scenarios));
  return { scenarios, problems };
}

type Axis = readonly [field: string, values: readonly unknown[]];

interface Choice {
  readonly field: string;
  readonly value: unknown;
  readonly index: number;
}

function readAxes(sweep: unknown, base: Record<string, unknown>, problems: Problem[]): Axis[] {
  if (sweep === undefined) return [];
  if (typeof sweep !== 'object' || sweep === null || Array.isArray(sweep)) {
    const says = 'expected fields with lists of values, for example network.rtt: [1ms, 10ms]';
    problems.push({ path: ['sweep'], says });
    return [];
  }
  const axes: Axis[] = [];
  for (const [field, values] of Object.entries(sweep)) {
    const refusal = fieldRefusal(field, base, Object.keys(sweep));
    if (refusal !== null) problems.push({ path: ['sweep', field], says: refusal, atKey: true });
    else if (Array.isArray(values) && values.length > 0) axes.push([field, values]);
    else
      problems.push({ path: ['sweep', field], says: 'expected a list of values, for example [1ms, 10ms]' });
  }
  return axes;
}

function fieldRefusal(
  field: string,
  base: Record<string, unknown>,
  allFields: readonly string[],
): string | null {
  const parts = field.split('.');
  if (Object.hasOwn(matrix.shape, parts[0]) && !Object.hasOwn(scenarioFields, parts[0])) {
    return `"${parts[0]}" belongs to the whole run and cannot be swept`;
  }
  const unknown = parts.findIndex((_, index) => !fieldExists(parts.slice(0, index + 1), base));
  if (unknown >= 0) {
    const known = unknown === 0 ? Object.keys(scenarioFields) : schemaKeysAt(parts.slice(0, unknown), base);
    return noSuchField(parts[unknown], known);
  }
  const around = allFields.find((other) => field.startsWith(`${other}.`));
  return around === undefined
    ? null
    : `it lies within "${around}", which is swept too; expected only one of them`;
}

function combinations(axes: readonly Axis[]): Choice[][] {
  return axes.reduce<Choice[][]>(
    (choices, [field, values]) =>
      choices.flatMap((before) => values.map((value, index) => [...before, { field, value, index }])),
    [[]],
  );
}

function makeScenario(
  base: Record<string, unknown>,
  choices: readonly Choice[],
  before: readonly RawScenario[],
): RawScenario {
  const content = structuredClone(base);
  for (const { field, value } of choices) setAt(content, field.split('.'), structuredClone(value));
  return {
    id: uniqueName(
      idOf(choices),
      before.map(({ id }) => id),
    ),
    axes: Object.fromEntries(choices.map(({ field, value }) => [field, axisValue(value)])),
    content,
    origin(path) {
      const swept = choices.find(({ field }) => {
        const parts = field.split('.');
        return parts.every((part, index) => `${path[index]}` === part);
      });
      if (swept === undefined) return path;
      return ['sweep', swept.field, swept.index, ...path.slice(swept.field.split('.').length)];
    },
    schemaKeys: (path) => schemaKeysAt(path.map(String), content),
  };
}

function setAt(content: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at: object = content;
  for (const part of path.slice(0, -1)) {
    // Own fields only: every object inherits some that must not be written to.
    const next: unknown = Object.hasOwn(at, part) ? Reflect.get(at, part) : undefined;
    const child = typeof next === 'object' && next !== null ? next : {};
    Reflect.set(at, part, child);
    at = child;
  }
  Reflect.set(at, path[path.length - 1], value);
}

function axisValue(value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value).replaceAll(/["{}]/g, '');
}

/** `rtt-10ms_idle-timeout-500ms`; `main` without a sweep. */
function idOf(choices: readonly Choice[]): string {
  const parts = choices.map(({ field, value }) => {
    const name = field.split('.').at(-1) ?? field;
    const text = `${name}-${value === 0 ? formatDuration(0) : axisValue(value)}`;
    return slug(text.replaceAll(/([a-z])([A-Z])/g, '$1-$2'), '.');
  });
  return parts.length === 0 ? 'main' : parts.join('_').slice(0, 120);
}
