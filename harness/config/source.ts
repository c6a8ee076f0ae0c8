/**
 * The matrix file as text with positions: turns a field's path into `file:line:column`. It knows
 * YAML and nothing of what the fields mean.
 */
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { ErrorCode } from '../base/errors.ts';

export type Path = readonly (string | number)[];

export interface Problem {
  /** Of the field; empty for the file as a whole. */
  readonly path: Path;
  /** What is wrong and what would be right. */
  readonly says: string;
  /** Point at the key, not at its value. */
  readonly atKey?: boolean;
  /** Where it stands, in characters from the start, when that is known without the path. */
  readonly offset?: number;
  readonly code?: ErrorCode;
}

export class MatrixSource {
  readonly #name: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  /** Top-level field → the option that it comes from instead of the file. */
  readonly #options: ReadonlyMap<string, string>;
  /** What cannot be read as fields and values at all; when there is any, `content` is empty. */
  readonly syntaxProblems: readonly Problem[];
  readonly content: Readonly<Record<string, unknown>>;

  constructor(text: string, name: string, options: ReadonlyMap<string, string>) {
    this.#name = name;
    this.#options = options;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const problems = [...problemsOfText(this.#document), ...problemsOfNodes(this.#document)];
    const { value, problem } = problems.length > 0 ? { value: {}, problem: null } : toObject(this.#document);
    this.syntaxProblems = problem === null ? problems : [problem];
    this.content = value;
  }

  /** For sorting: what the command line says comes first. */
  offset({ path, atKey, offset }: Problem): number {
    if (this.#options.has(String(path[0]))) return -1;
    return offset ?? this.#find(path, atKey === true) ?? 0;
  }

  /** `matrix.yaml:3:1: ronds: …`, or `--rounds: …` for what the command line says. */
  describe(problem: Problem): string {
    const option = this.#options.get(String(problem.path[0]));
    if (option !== undefined) return `${option}: ${problem.says}`;
    const { line, col } = this.#lines.linePos(this.offset(problem));
    // An empty file has no lines to point at.
    const where = `${this.#name}:${line || 1}:${col || 1}`;
    const field = printable(problem.path.join('.'));
    return [where, ...(field === '' ? [] : [field]), problem.says].join(': ');
  }

  /** Offset of the field, or of the nearest one around it that is there. */
  #find(path: Path, atKey: boolean): number | null {
    for (let length = path.length; length > 0; length--) {
      const parent: unknown =
        length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, length - 1), true);
      if (isMap(parent)) {
        const pair = parent.items.find(
          (item) => isPair(item) && isScalar(item.key) && `${item.key.value}` === `${path[length - 1]}`,
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

/** A problem is one line, whatever a field is called. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

const sentences: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this field is listed twice',
  MULTIPLE_DOCS: 'a second document starts here; expected one matrix per file',
  TAB_AS_INDENT: 'expected spaces, not tabs',
};

function problemsOfText({ errors, warnings }: Document.Parsed): Problem[] {
  // A warning is a value that was read in another way than it was written, such as an unknown tag.
  return [...errors, ...warnings].map(({ code, message, pos }) => ({
    path: [],
    says: sentences[code] ?? message,
    offset: pos[0],
  }));
}

/** What YAML allows and a matrix has no meaning for. */
function problemsOfNodes(document: Document.Parsed): Problem[] {
  const problems: Problem[] = [];
  const add = (node: unknown, says: string) =>
    problems.push({ path: [], says, offset: isNode(node) ? (node.range?.[0] ?? 0) : 0 });
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined) add(alias, `there is no "&${alias.source}" before this`);
    },
    Pair(_, { key }) {
      if (isNode(key) && !isScalar(key)) add(key, 'a field needs a name, not a list or a block');
    },
  });
  return problems;
}

function toObject(document: Document.Parsed): { value: Record<string, unknown>; problem: Problem | null } {
  const unreadable = (says: string) => ({ value: {}, problem: { path: [], says } });
  try {
    const value: unknown = document.toJS();
    if (isMap(document.contents) && isRecord(value)) return { value, problem: null };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error; // aliases that multiply without end
    return unreadable(`its aliases cannot be written out: ${error.message}`);
  }
  return unreadable('expected fields, for example "target:" and "traffic:"');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
