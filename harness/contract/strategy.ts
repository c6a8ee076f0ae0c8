/**
 * A strategy: policy as data, the smallest difference from `reuse`.
 *
 * It never reads a clock, never counts and never sees a socket; it turns options and the facts of
 * a scenario into a `PolicyChange`. The harness checks options against their declaration before it calls `policy`.
 */
import type { PolicyChange } from './policy.ts';
import { defaultsOf, type Setting, type ValuesOf } from './setting.ts';

/** The facts of a scenario that a strategy may use. */
export interface ScenarioFacts {
  /** Round trip between client and target, in ms, as configured; 0 on plain loopback. */
  readonly rttMs: number;
  /** The target's idle timeout in ms, before any strategy changes it. null: it has none. */
  readonly serverIdleTimeoutMs: number | null;
  /** Idle timeout of what the client talks to, in ms: the target's, or the balancer's towards the client. null: it has none. */
  readonly peerIdleTimeoutMs: number | null;
  /** Longest idle gap that a trial can leave on a connection, in ms: its whole length. */
  readonly gapMaxMs: number;
  /** How late the server may notice a request (λs), in ms, that a margin allows for. */
  readonly serverLagMs: number;
  /** How late the client may read an answer (λc'), in ms, that a margin allows for. */
  readonly clientLagMs: number;
}

export type OptionValue = boolean | number | string | null | readonly string[];
export type OptionValues = Readonly<Record<string, OptionValue>>;
export type OptionSettings = Readonly<Record<string, Setting<OptionValue>>>;

/** The declaration in a strategy's file. */
interface StrategyDefinition<Options extends OptionSettings> {
  /** Equal to the file's name without its ending; what a matrix file calls it. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what it does and what it costs. */
  readonly summary: string;
  /** Durations are numbers of ms with `Ms` last in the name. */
  readonly options: Options;
  /** @throws RangeError with a message for the user when an option does not fit the scenario. */
  policy(options: ValuesOf<Options>, facts: ScenarioFacts): PolicyChange;
}

export interface Strategy extends Omit<StrategyDefinition<OptionSettings>, 'policy'> {
  /** @param options Those that differ from their defaults; `resolveChoices` has checked them. */
  policy(options: OptionValues, facts: ScenarioFacts): PolicyChange;
}

export function strategy<Options extends OptionSettings>(definition: StrategyDefinition<Options>): Strategy {
  return {
    ...definition,
    policy: (given, facts) => definition.policy({ ...defaultsOf(definition.options), ...given }, facts),
  };
}

/** One strategy with the options asked for; combinations hold several. */
export interface StrategyPart {
  /** A built-in id, or the path of a user's file. */
  readonly use: string;
  readonly options: OptionValues;
}

/** One entry of a matrix's `strategies`, for example `evict+retry`. */
export interface StrategyChoice {
  /** Unique in the run; shown everywhere. */
  readonly label: string;
  readonly parts: readonly StrategyPart[];
}
