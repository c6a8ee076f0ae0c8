/**
 * States which knobs a client kind, a target kind, or a settings stack carries out: fully, in part, or not, and why.
 * Tables are complete, so a new knob does not compile until each table has a row for it.
 */
import { type ClientKnob, type Knob, type KnobIn, type KnobNames, knobRows } from './knobs.ts';
import { type Policy, policyDifference, referencePolicy } from './policy.ts';

export interface Carried<Context> {
  readonly how: 'fully' | 'partly' | 'not';
  /** @param isChanged The knob differs from the reference. @returns The limit that applies; null: none. */
  why(context: Context, isChanged: boolean): string | null;
}

export type Carries<Name extends Knob, Context> = Readonly<Record<Name, Carried<Context>>>;

/** A text applies whenever the knob differs from the reference. A function returns the text that applies, or null. */
type Why<Context> = string | ((context: Context) => string | null);

const carried = <Context>(how: Carried<Context>['how'], given: Why<Context>): Carried<Context> => ({
  how,
  why: (context, isChanged) => (typeof given === 'function' ? given(context) : isChanged ? given : null),
});

export const fully: Carried<unknown> = carried('fully', () => null);

export const partly = <Context>(why: Why<Context>) => carried('partly', why);

export const not = <Context>(why: Why<Context>) => carried('not', why);

/** The table of a client kind: the knobs that it carries out fully, and its limits for all others. */
export function clientCarries<const Fully extends KnobNames>(
  carriedOut: Fully,
  limits: Carries<Exclude<ClientKnob, KnobIn<Fully>>, Policy>,
): Carries<ClientKnob, Policy> {
  const rows = Object.entries(carriedOut).flatMap(([part, names]) =>
    names.map((name) => [`${part}.${name}`, fully]),
  );
  return { ...limits, ...Object.fromEntries(rows) };
}

/**
 * One sentence for each knob that is not carried out as the policy sets it. Each sentence starts with the knob's name.
 * @param carries Must contain at least the limits; null: not known until a driver answers `prepare`.
 */
export function refusalsOf<Context>(
  carries: Readonly<Partial<Record<Knob, Carried<Context>>>> | null,
  changed: readonly Knob[],
  context: Context,
): string[] {
  const rows = new Map<string, Carried<Context>>(Object.entries(carries ?? {}));
  return [...rows].flatMap(([knob, row]) => {
    const of = knobRows.get(knob)?.of ?? null;
    // A knob that refines another needs no sentence where the other is not carried out.
    if (of !== null && rows.get(of)?.how === 'not') return [];
    const isChanged = [knob, of].every((one) => one === null || changed.some((name) => name === one));
    const reason = row.why(context, isChanged);
    return reason === null ? [] : [`${knob}: ${reason}`];
  });
}

/** Knobs in which a policy differs from the reference. @param serverIdleTimeoutMs The reference's. */
export function changedKnobs(policy: Policy, serverIdleTimeoutMs: number | null): Knob[] {
  return policyDifference(policy, referencePolicy(serverIdleTimeoutMs)).map(({ knob }) => knob);
}

/** A generator's answer to `prepare`: for each knob that it knows, true or why it cannot carry out the job's value. */
export interface PrepareAnswer {
  readonly knobs: Readonly<Record<string, true | string>>;
}

/** Refusals of a generator. A knob that the answer omits is refused, too: the driver may be older than the knob. */
export function generatorRefusals(answer: PrepareAnswer | undefined, policy: Policy): string[] {
  const changed = changedKnobs(policy, policy.server.idleTimeoutMs);
  const answers = changed.map((knob) => {
    const said: unknown = answer?.knobs?.[knob];
    if (said === true) return [knob, fully];
    if (said === undefined)
      return [knob, not('the driver does not name this knob in its answer to "prepare"')];
    // What a driver of the user's own says is not ours to trust: a reason is a word or more, in one line.
    const reason = typeof said === 'string' ? said.replaceAll(/\p{C}+/gu, ' ').trim() : '';
    return [knob, not(reason === '' ? 'the driver refuses this knob and gives no reason' : reason)];
  });
  return refusalsOf(Object.fromEntries(answers), changed, null);
}
