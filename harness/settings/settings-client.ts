/**
 * One stack that settings are rendered for: its title, what it cannot carry out, and policy → text.
 *
 * Pure: no clock, no file, no strategy by name. Whatever a policy sets is either in the text or
 * named in the notes, with the reason; a test holds every stack to that.
 */

import type { ConnectionPolicy, Policy, RetryPolicy } from '../contract/policy.ts';
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

type Knob = `connection.${keyof ConnectionPolicy}` | `retry.${keyof RetryPolicy}` | 'server.idleTimeoutMs';

/**
 * Knob → why the stack cannot carry it out, or only in part. A text is told when the policy sets the
 * knob; a function decides by itself, and says null where there is nothing to tell.
 */
type Limits = Readonly<Partial<Record<Knob, string | ((asked: Asked) => string | null)>>>;

export interface SettingsClient {
  readonly id: string;
  readonly title: string;
  readonly limits: Limits;
  render(policy: Policy, facts: ScenarioFacts): SettingsText;
}

export interface Stack {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly limits: Limits;
  text(asked: Asked): string;
  /** Beyond `limits`: what somebody who pastes this text must know. */
  notes?(asked: Asked): readonly string[];
}

export function settingsClient({ id, title, language, limits, text, notes }: Stack): SettingsClient {
  return {
    id,
    title,
    limits,
    render(policy, facts) {
      const asked = ask(policy, facts);
      return {
        text: text(asked),
        language,
        notes: [...limitNotes(limits, asked), ...(notes?.(asked) ?? []), ...generalNotes(asked)],
      };
    },
  };
}

/** The limit of stacks that are clients and nothing else. */
export const noServer = ({ serverIdleTimeoutMs }: Asked): string | null =>
  serverIdleTimeoutMs === null
    ? null
    : `is a setting of the server (${exactDuration(serverIdleTimeoutMs)}): see --for go, node-http, nginx, haproxy or alb`;

/** The limit of stacks whose retries cannot be told to open a connection. */
export const pooledRetries = ({ retry }: Asked): string | null =>
  retry?.connection === 'fresh'
    ? 'retries take what the pool has, where the next connection can be as old'
    : null;

/** The limit of stacks that evict by timer alone. @param whose Lag that the margin has to cover. */
export const timerOnly =
  (whose: string) =>
  ({ idleTimeoutMs, policy }: Asked): string | null =>
    idleTimeoutMs === null || policy.connection.idleCheck === 'timer'
      ? null
      : `is kept by a timer, and no age is tested at checkout: the margin has to cover the lag of ${whose}`;

function limitNotes(limits: Limits, asked: Asked): string[] {
  return Object.entries(limits).flatMap(([knob, limit]) => {
    const why = typeof limit === 'function' ? limit(asked) : asked.set.has(knob) ? limit : null;
    return why === null ? [] : [`${knob}: ${why}`];
  });
}
