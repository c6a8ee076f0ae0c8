/**
 * What zod found in a scenario, as problems of the text that the user wrote: unknown fields with the
 * one that was meant, unions by the alternative that fits best, the value that is there.
 */
import type { z } from 'zod';
import { nearest } from '../base/nearest.ts';
import type { Path, Problem } from './source.ts';
import type { RawScenario } from './sweep.ts';

type Issue = z.core.$ZodIssue;

/** Swept values point into `sweep`. */
export function issueProblems(issues: readonly Issue[], scenario: RawScenario): Problem[] {
  return issues.flatMap((issue) => flatten(issue, scenario)).flatMap((issue) => problemsOf(issue, scenario));
}

function problemsOf(issue: Issue, scenario: RawScenario): Problem[] {
  const path = pathOf(issue);
  if (issue.code === 'unrecognized_keys') {
    const known = scenario.schemaKeys(path);
    return issue.keys.map((key) => ({
      path: scenario.origin([...path, key]),
      says: noSuchField(key, known),
      atKey: true,
    }));
  }
  if (issue.code === 'invalid_key') {
    const says = issue.issues[0]?.message ?? issue.message;
    return [{ path: scenario.origin(path), says: `${says}; it is ${quoted(path.at(-1))}`, atKey: true }];
  }
  const value = valueAt(scenario.content, path);
  const says =
    value === undefined ? `it is missing; ${issue.message}` : `${issue.message}; it is ${quoted(value)}`;
  return [{ path: scenario.origin(path), says }];
}

/** For a key that is not among the `known` ones. */
export function noSuchField(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  if (guess !== null) return `there is no such field; did you mean "${guess}"?`;
  return known.length === 0
    ? 'there is no such field'
    : `there is no such field; there are: ${known.join(', ')}`;
}

/** A union's own message says little: the alternative that fits best says what is wrong in it. */
function flatten(issue: Issue, scenario: RawScenario): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const path = pathOf(issue);
  const value = valueAt(scenario.content, path);
  const known = scenario.schemaKeys(path);
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const unknown = keys.filter((key) => !known.includes(key));
  const unknownFields: Issue[] =
    unknown.length === 0 || known.length === 0
      ? []
      : [{ code: 'unrecognized_keys', keys: unknown, path: issue.path, message: '' }];
  const best = bestAlternative(issue, scenario, unknownFields.length > 0).filter(
    // Missing, perhaps, only because of the name that is not known.
    (one) => unknownFields.length === 0 || valueAt(scenario.content, pathOf(one)) !== undefined,
  );
  return unknownFields.length + best.length === 0 ? [issue] : [...unknownFields, ...best];
}

/**
 * Issues of the alternative with the fewest; empty when the value is of another kind altogether.
 *
 * @param withStrangeFields Consider alternatives too that do not have all the fields that are there.
 */
function bestAlternative(
  { errors, path: base }: Extract<Issue, { code: 'invalid_union' }>,
  scenario: RawScenario,
  withStrangeFields: boolean,
): Issue[] {
  const ranked = errors
    .map((issues) => {
      const all = issues.flatMap((one) => flatten({ ...one, path: [...base, ...one.path] }, scenario));
      const inner = all.filter(({ code, path }) => code !== 'unrecognized_keys' || path.length > base.length);
      return { inner, strange: all.length > inner.length };
    })
    .filter(({ strange }) => withStrangeFields || !strange)
    // An alternative that is of another kind complains about the value itself; a range ('custom') does not.
    .filter(({ inner }) => inner.every(({ path, code }) => path.length > base.length || code === 'custom'))
    .sort((a, b) => Number(a.strange) - Number(b.strange) || a.inner.length - b.inner.length);
  return ranked[0]?.inner ?? [];
}

function pathOf({ path }: Issue): (string | number)[] {
  return path.filter((part) => typeof part !== 'symbol');
}

/** The value as the message shows it, cut to a line. */
function quoted(value: unknown): string {
  const text = typeof value === 'number' ? `${value}` : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

function valueAt(content: unknown, path: Path): unknown {
  let value = content;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}
