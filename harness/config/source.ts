/**
 * The matrix file as text with positions: turns a field's path into `file:line:column`, and what
 * zod found into sentences about the text that the user wrote.
 */
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { ErrorCode } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import type { RawScenario } from './sweep.ts';

export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  /** What is wrong and what would be right. */
  readonly says: string;
  /** Point at the key, not at its value. */
  readonly atKey?: boolean;
  readonly code?: ErrorCode;
}

type Issue = z.core.$ZodIssue;

export class MatrixSource {
  readonly #name: string;
  readonly #lines = new LineCounter();
  readonly #document;
  readonly syntaxProblems: readonly Problem[];

  constructor(text: string, name: string) {
    this.#name = name;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const problems: Problem[] = this.#document.errors.map(({ message, pos }) => ({
      path: [],
      says: this.#position(pos[0]).concat(': ', message),
    }));
    if (problems.length === 0 && !isMap(this.#document.contents)) {
      problems.push({ path: [], says: 'fields such as "target:" and "traffic:" are wanted' });
    }
    this.syntaxProblems = problems;
  }

  toObject(): Record<string, unknown> {
    return this.#document.toJS();
  }

  /** Where a problem stands, in characters from the start; for sorting. */
  offset({ path, atKey }: Problem): number {
    return this.#find(path, atKey === true) ?? 0;
  }

  /** `matrix.yaml:3:1: ronds: …` */
  describe(problem: Problem): string {
    const offset = this.#find(problem.path, problem.atKey === true);
    if (problem.path.length === 0)
      return `${this.#name}${problem.says.startsWith(':') ? '' : ': '}${problem.says}`;
    const where = offset === null ? '' : this.#position(offset);
    return `${this.#name}${where}: ${problem.path.join('.')}: ${problem.says}`;
  }

  /** What zod found in a scenario, as problems of this text; swept values point into `sweep`. */
  problemsOf(issues: readonly Issue[], scenario: RawScenario): Problem[] {
    return issues.flatMap((issue) => flatten(issue)).flatMap((issue) => this.#problemsOf(issue, scenario));
  }

  #problemsOf(issue: Issue, scenario: RawScenario): Problem[] {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(issue, scenario);
      return issue.keys.map((key) => {
        const guess = nearest(key, known);
        const says = `there is no such field${guess === null ? '' : `; did you mean "${guess}"?`}`;
        return { path: scenario.origin([...path, key]), says, atKey: true };
      });
    }
    const value = valueAt(scenario.content, path);
    if (value === undefined)
      return [{ path: scenario.origin(path), says: `it is missing; ${issue.message}` }];
    return [{ path: scenario.origin(path), says: `${issue.message}; it is ${JSON.stringify(value)}` }];
  }

  #position(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `:${line}:${col}`;
  }

  /** Offset of the field, or of the nearest one around it that is there. */
  #find(path: Path, atKey: boolean): number | null {
    for (let length = path.length; length > 0; length--) {
      const parent: unknown =
        length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, length - 1), true);
      if (isMap(parent)) {
        const pair = parent.items.find(
          (item) => isPair(item) && isScalar(item.key) && item.key.value === path[length - 1],
        );
        const node = pair && (atKey || !isNode(pair.value) ? pair.key : pair.value);
        if (isNode(node) && node.range) return node.range[0];
      }
      const node: unknown = this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return null;
  }
}

/** A union's own message says little: the branch that fits best says what is wrong in it. */
function flatten(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const inner = issue.errors
    .map((branch) => branch.flatMap((one) => flatten({ ...one, path: [...issue.path, ...one.path] })))
    // A branch that is of another kind altogether complains about the value itself.
    .filter(
      (branch) =>
        branch.every(({ path }) => path.length > issue.path.length) ||
        branch.every(({ code }) => code === 'unrecognized_keys'),
    );
  const best = inner.sort((a, b) => a.length - b.length)[0];
  return best ?? [issue];
}

/** The fields that are there beside an unknown one, so that "did you mean" can be said. */
function knownKeys(issue: Issue, { schemaKeys }: RawScenario): readonly string[] {
  return schemaKeys(issue.path.filter((part) => typeof part !== 'symbol'));
}

function valueAt(content: unknown, path: Path): unknown {
  let value = content;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}
