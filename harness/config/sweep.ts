/** Spreads `sweep:` out: every combination of its values is a scenario of its own. */
import { formatDuration } from '../base/units.ts';
import { schemaKeysAt } from './schema-keys.ts';
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

export function spreadSweep(raw: Record<string, unknown>): { scenarios: RawScenario[]; problems: Problem[] } {
  const { sweep, ...base } = raw;
  const axes = readAxes(sweep);
  if (axes === null) {
    const says = 'fields with lists of values are wanted, such as network.rtt: [1ms, 10ms]';
    return { scenarios: [], problems: [{ path: ['sweep'], says }] };
  }
  const size = axes.reduce((product, [, values]) => product * values.length, 1);
  if (size > scenariosMax) {
    const says = `it makes ${size} scenarios; at most ${scenariosMax} are possible`;
    return { scenarios: [], problems: [{ path: ['sweep'], says }] };
  }
  const problems = axes.flatMap(([field]) => checkField(field, base));
  if (problems.length > 0) return { scenarios: [], problems };
  const taken = new Set<string>();
  const scenarios = combinations(axes).map((choice) => makeScenario(base, choice, taken));
  return { scenarios, problems: [] };
}

type Axis = readonly [field: string, values: readonly unknown[]];

interface Choice {
  readonly field: string;
  readonly value: unknown;
  readonly index: number;
}

function readAxes(sweep: unknown): Axis[] | null {
  if (sweep === undefined) return [];
  if (typeof sweep !== 'object' || sweep === null || Array.isArray(sweep)) return null;
  const axes: Axis[] = [];
  for (const [field, values] of Object.entries(sweep)) {
    if (!Array.isArray(values) || values.length === 0) return null;
    axes.push([field, values]);
  }
  return axes;
}

/** Fields of the whole run cannot differ between scenarios; others must exist. */
const runFields = [
  'name',
  'seed',
  'rounds',
  'warmup',
  'duration',
  'strategies',
  'reference',
  'sweep',
  'allowHosts',
];

function checkField(field: string, base: Record<string, unknown>): Problem[] {
  const parts = field.split('.');
  const path = ['sweep', field];
  if (runFields.includes(parts[0])) {
    return [{ path, says: `"${parts[0]}" belongs to the whole run and cannot be swept`, atKey: true }];
  }
  const known = schemaKeysAt(parts.slice(0, -1), base);
  if (known.length > 0 && !known.includes(parts[parts.length - 1])) {
    return [{ path, says: `there is no such field; there are: ${known.join(', ')}`, atKey: true }];
  }
  return [];
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
  taken: Set<string>,
): RawScenario {
  const content = structuredClone(base);
  for (const { field, value } of choices) setAt(content, field.split('.'), structuredClone(value));
  return {
    id: uniqueId(choices, taken),
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
    const next: unknown = Reflect.get(at, part);
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
function uniqueId(choices: readonly Choice[], taken: Set<string>): string {
  const slug = (text: string) =>
    text
      .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .replaceAll(/[^a-z0-9.]+/g, '-')
      .replaceAll(/^-|-$/g, '');
  const parts = choices.map(({ field, value }) => {
    const name = field.split('.').at(-1) ?? field;
    return slug(`${name}-${value === 0 ? formatDuration(0) : axisValue(value)}`);
  });
  const wanted = parts.length === 0 ? 'main' : parts.join('_').slice(0, 120);
  let id = wanted;
  for (let number = 2; taken.has(id); number++) id = `${wanted}-${number}`;
  taken.add(id);
  return id;
}
