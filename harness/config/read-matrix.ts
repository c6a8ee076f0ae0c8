/**
 * From the text of a matrix file to a complete `RunConfig`, or to one error that lists every
 * problem with its line. YAML or JSON, which is YAML too. Nothing is guessed: what is not
 * understood is refused.
 *
 * Whether a strategy exists is not checked here; that is known only to the strategies.
 */
import { basename, dirname, relative } from 'node:path';
import { HarnessError } from '../base/errors.ts';
import type { RunConfig } from '../contract/run-config.ts';
import { completeConfig } from './complete-config.ts';
import { type Matrix, matrix } from './matrix-schema.ts';
import { findProblems } from './problems.ts';
import { MatrixSource, type Problem } from './source.ts';
import { type RawScenario, spreadSweep } from './sweep.ts';

/** What the command line says instead of the file. */
export interface Overrides {
  readonly seed?: number;
  readonly rounds?: number;
  readonly durationMs?: number;
  /** For example `reuse,evict+retry,./mine.ts`; paths are relative to `cwd`. */
  readonly strategies?: string;
  /** The one scenario to run, by its id. */
  readonly only?: string;
  /** Messages name the file relative to this folder. */
  readonly cwd: string;
}

export interface ValidScenario {
  readonly raw: RawScenario;
  readonly matrix: Matrix;
}

/**
 * @param fileName Absolute path; strategy files in it are relative to its folder.
 * @throws HarnessError `config-invalid` with one line per problem, or `host-not-allowed`.
 */
export function readMatrix(text: string, fileName: string, overrides: Overrides): RunConfig {
  const source = new MatrixSource(text, relative(overrides.cwd, fileName) || basename(fileName));
  refuse(source, source.syntaxProblems);
  const raw = { ...source.toObject(), ...overridden(overrides) };
  const { scenarios, problems } = spreadSweep(raw);
  refuse(source, problems);
  const valid = validate(scenarios, source);
  return completeConfig(valid, {
    name: basename(fileName).replace(/\.[^.]+$/, ''),
    strategyFolder: overrides.strategies === undefined ? dirname(fileName) : overrides.cwd,
    only: overrides.only,
    refuse: (more) => refuse(source, more),
  });
}

function overridden({ seed, rounds, durationMs, strategies }: Overrides): Record<string, unknown> {
  return {
    ...(seed === undefined ? {} : { seed }),
    ...(rounds === undefined ? {} : { rounds }),
    ...(durationMs === undefined ? {} : { duration: `${durationMs}ms` }),
    ...(strategies === undefined ? {} : { strategies: strategies.split(',').map((name) => name.trim()) }),
  };
}

function validate(scenarios: readonly RawScenario[], source: MatrixSource): ValidScenario[] {
  const problems: Problem[] = [];
  const valid: ValidScenario[] = [];
  for (const raw of scenarios) {
    const result = matrix.safeParse(raw.content);
    if (result.success) {
      valid.push({ raw, matrix: result.data });
      problems.push(...findProblems(result.data, raw));
    } else {
      problems.push(...source.problemsOf(result.error.issues, raw));
    }
  }
  refuse(source, problems);
  return valid;
}

/** Throws when there is any problem; the same one in several scenarios is told once. */
function refuse(source: MatrixSource, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const sorted = [...problems].sort((a, b) => source.offset(a) - source.offset(b));
  const lines = [...new Set(sorted.map((problem) => source.describe(problem)))];
  const code = problems.every(({ code: own }) => own === 'host-not-allowed')
    ? 'host-not-allowed'
    : 'config-invalid';
  const start = lines.length === 1 ? lines[0] : `${lines.length} problems:\n${lines.join('\n')}`;
  throw new HarnessError(code, start);
}
