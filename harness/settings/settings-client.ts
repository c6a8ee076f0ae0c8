/**
 * One stack that settings are rendered for: its title, what it cannot carry out, and policy → text.
 *
 * Pure: no clock, no file, no strategy by name. Whatever a policy sets is either in the text or
 * named in the notes, with the reason; a test holds every stack to that.
 */

import { type Carried, not, partly, refusalsOf } from '../contract/carries.ts';
import type { Knob, KnobIn, KnobNames } from '../contract/knobs.ts';
import type { Policy } from '../contract/policy.ts';
import type { ScenarioFacts } from '../contract/strategy.ts';
import { type Asked, ask } from './asked.ts';
import { exactDuration } from './exact-duration.ts';
import { generalNotes } from './general-notes.ts';

export interface SettingsText {
  /** Ready to paste; opens with the arithmetic, as comments. */
  readonly text: string;
  /** What the text is written in, as a Markdown fence names it. */
  readonly language: string;
  /** What the stack cannot carry out, each opening with the knob, and what to know before pasting. */
  readonly notes: readonly string[];
}

/** Knob → why the stack cannot carry it out, or only in part. A text becomes a note when the policy sets the knob. */
type Limits<Name extends Knob> = Readonly<Record<Name, Carried<Asked>>>;

export interface SettingsClient {
  readonly id: string;
  readonly title: string;
  readonly limits: Partial<Limits<Knob>>;
  render(policy: Policy, facts: ScenarioFacts): SettingsText;
}

interface Stack<Fully extends KnobNames> {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  /** The knobs that the stack carries out fully. */
  readonly carried: Fully;
  readonly limits: Limits<Exclude<Knob, KnobIn<Fully>>>;
  text(asked: Asked): string;
  /** Notes beyond `limits` that you must know before you paste this text. */
  notes?(asked: Asked): readonly string[];
}

export function settingsClient<const Fully extends KnobNames>(stack: Stack<Fully>): SettingsClient {
  const { id, title, language, limits, text, notes } = stack;
  const rows = Object.entries<Carried<Asked>>(limits);
  const without = new Set(rows.filter(([, { how }]) => how === 'not').map(([knob]) => knob));
  return {
    id,
    title,
    limits,
    render(policy, facts) {
      const asked = ask(policy, facts, without);
      return {
        text: text(asked),
        language,
        notes: [
          ...refusalsOf(limits, [...asked.set], asked),
          ...(notes?.(asked) ?? []),
          ...generalNotes(asked),
        ],
      };
    },
  };
}

/** The limit of stacks that are clients and nothing else. */
export const noServer = not(({ serverIdleTimeoutMs }: Asked) =>
  serverIdleTimeoutMs === null
    ? null
    : `is a setting of the server (${exactDuration(serverIdleTimeoutMs)}): see --for go, node-http, nginx, haproxy or alb`,
);

/** The limit of stacks that cannot force a retry to open a connection. */
export const pooledRetries = partly(({ retry }: Asked) =>
  retry?.connection === 'fresh'
    ? 'retries take any connection from the pool, and the next one can be as old'
    : null,
);

/** The limit of stacks that evict by timer alone. @param whose Lag that the margin has to cover. */
export const timerOnly = (whose: string) =>
  partly(({ idleTimeoutMs, policy }: Asked) =>
    idleTimeoutMs === null || policy.connection.idleCheck === 'timer'
      ? null
      : `is enforced by a timer and not checked at checkout, so the margin must cover the lag of ${whose}`,
  );
