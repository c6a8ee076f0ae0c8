/**
 * From the text of a matrix file to a complete `RunConfig`, or to one error that lists every
 * problem with its line. YAML or JSON, which is YAML too. Nothing is guessed: what is not
 * understood is refused.
 *
 * Whether a strategy exists is not checked here; that is known only to the strategies.
 */
import { basename, dirname, relative } from 'node:path';
import { HarnessError } from '../base/errors.ts';
import type { RunConfig, ScenarioConfig } from '../contract/run-config.ts';
import { completeConfig, type ValidScenario } from './complete-config.ts';
import { issueProblems } from './issue-problems.ts';
import { matrix } from './matrix-schema.ts';
import { findProblems } from './problems.ts';
import { lengthProblems } from './run-length.ts';
import { MatrixSource, type Problem } from './source.ts';
import { strategyChoice, strategyProblems } from './strategy-choice.ts';
import { type RawScenario, spreadSweep } from './sweep.ts';
import { wanted } from './wanted.ts';

/** What the command line says instead of the file. */
export interface Overrides {
  readonly seed?: number;
  /** A number takes the place of the file's `until`, `maxTime`, and `maxRounds`. */
  readonly rounds?: number | 'auto';
  /** As the file writes it. The number of rounds is then not fixed, even if the file fixes it. */
  readonly until?: string;
  /** As the file writes it: `3m`. */
  readonly maxTime?: string;
  readonly maxRounds?: number;
  readonly repeatUnhealthy?: number;
  readonly generators?: number;
  readonly durationMs?: number;
  /** For example `reuse,evict+retry,./mine.ts`; paths are relative to `cwd`. */
  readonly strategies?: string;
  /** The one scenario to run, by its id. */
  readonly only?: string;
  /** Messages name the file relative to this folder. */
  readonly cwd: string;
}

/**
 * @param fileName Absolute path; strategy files in it are relative to its folder.
 * @throws HarnessError `config-invalid` with one line per problem, `host-not-allowed`, or `usage`
 * when there is no scenario that `only` names.
 */
export function readMatrix(text: string, fileName: string, overrides: Overrides): RunConfig {
  const { durationMs: duration, only: _only, cwd: _cwd, ...rest } = overrides;
  const options = new Map(
    Object.entries({ ...rest, duration })
      .filter(([, value]) => value !== undefined)
      .map(([field]) => [field, `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`]),
  );
  const source = new MatrixSource(text, relative(overrides.cwd, fileName) || basename(fileName), options);
  refuse(source, source.syntaxProblems);
  const fields = overridden(overrides, source.content.reference);
  const { scenarios, problems } = spreadSweep({ ...source.content, ...fields });
  const { valid, problems: more } = validate(scenarios);
  const folder = overrides.strategies === undefined ? dirname(fileName) : overrides.cwd;
  const choices = (valid[0]?.matrix.strategies ?? []).map((entry) => strategyChoice(entry, folder));
  const labels = choices.map(({ label }) => label);
  const ofRun = valid
    .slice(0, 1)
    .flatMap(({ matrix }) => [...strategyProblems(matrix, choices), ...lengthProblems(matrix, labels)]);
  refuse(source, [...problems, ...more, ...ofRun]);
  const config = completeConfig(
    valid,
    choices,
    basename(fileName).replace(/\.[^.]+$/, ''),
    dirname(fileName),
  );
  refuse(source, sameScenarios(config.scenarios));
  return { ...config, scenarios: chosen(config.scenarios, overrides.only) };
}

/** The file's reference stays when it is among them; otherwise the first one takes its place. */
function overriddenStrategies(list: string, reference: unknown): Record<string, unknown> {
  const strategies = list.split(',').map((name) => name.trim());
  return strategies.some((name) => name === reference)
    ? { strategies }
    : { strategies, reference: undefined };
}

/** Fields of the matrix that the command line sets; each is named like its option. */
function overridden(overrides: Overrides, reference: unknown): Record<string, unknown> {
  const { seed, generators, durationMs, strategies, repeatUnhealthy } = overrides;
  return {
    ...(seed === undefined ? {} : { seed }),
    ...overriddenLength(overrides),
    ...(repeatUnhealthy === undefined ? {} : { repeatUnhealthy }),
    ...(generators === undefined ? {} : { generators }),
    ...(durationMs === undefined ? {} : { duration: durationMs === 0 ? 0 : `${durationMs}ms` }),
    ...(strategies === undefined ? {} : overriddenStrategies(strategies, reference)),
  };
}

/** A fixed number of rounds and `until` exclude each other; the command line overrides the file. */
function overriddenLength({ rounds, until, maxTime, maxRounds }: Overrides): Record<string, unknown> {
  if (typeof rounds === 'number') return { rounds, until, maxTime, maxRounds };
  return {
    ...(rounds === undefined && until === undefined ? {} : { rounds: 'auto' }),
    ...(until === undefined ? {} : { until }),
    ...(maxTime === undefined ? {} : { maxTime }),
    ...(maxRounds === undefined ? {} : { maxRounds }),
  };
}

function validate(scenarios: readonly RawScenario[]): { valid: ValidScenario[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const valid: ValidScenario[] = [];
  for (const raw of scenarios) {
    const result = matrix.safeParse(raw.content, { error: wanted });
    if (result.success) {
      valid.push({ raw, matrix: result.data });
      problems.push(...findProblems(result.data, raw));
    } else {
      problems.push(...issueProblems(result.error.issues, raw));
    }
  }
  return { valid, problems };
}

/** Two values of a sweep that come to the same, such as 1s and 1000ms, would be measured twice. */
function sameScenarios(scenarios: readonly ScenarioConfig[]): Problem[] {
  const seen = new Map<string, string>();
  for (const scenario of scenarios) {
    const content = JSON.stringify({ ...scenario, id: '', axes: {} });
    const before = seen.get(content);
    if (before !== undefined) {
      const says = `scenarios "${before}" and "${scenario.id}" are the same; expected each value once`;
      return [{ path: ['sweep'], says }];
    }
    seen.set(content, scenario.id);
  }
  return [];
}

function chosen(scenarios: readonly ScenarioConfig[], only: string | undefined): readonly ScenarioConfig[] {
  if (only === undefined) return scenarios;
  const one = scenarios.filter(({ id }) => id === only);
  if (one.length > 0) return one;
  const ids = scenarios.map(({ id }) => id).join(', ');
  throw new HarnessError('usage', `There is no scenario "${only}"; there are: ${ids}.`);
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
