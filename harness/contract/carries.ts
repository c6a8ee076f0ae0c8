/**
 * Which knobs a client kind, a target kind, or a settings stack carries out: fully, in part, or not, and why. A table
 * is complete, so that a new knob does not compile until each of them has decided.
 */
import { type ClientKnob, type Knob, knobRows } from './knobs.ts';
import { type Policy, policyDifference, referencePolicy } from './policy.ts';

export interface Carried<Context> {
  readonly how: 'fully' | 'partly' | 'not';
  /** A text holds whenever the knob differs from the reference. A function decides; null: nothing to say. */
  readonly why: Why<Context>;
}
type Why<Context> = string | ((context: Context) => string | null);

export type Carries<Name extends Knob, Context> = Readonly<Record<Name, Carried<Context>>>;

const fully: Carried<unknown> = { how: 'fully', why: () => null };

export function partly<Context>(why: Why<Context>): Carried<Context> {
  return { how: 'partly', why };
}

export function not<Context>(why: Why<Context>): Carried<Context> {
  return { how: 'not', why };
}

/** The table of a client kind: the knobs that it carries out fully, and its limits for all others. */
export function clientCarries<Fully extends ClientKnob>(
  carried: readonly Fully[],
  limits: Carries<Exclude<ClientKnob, Fully>, Policy>,
): Carries<ClientKnob, Policy> {
  return withLimits<ClientKnob, Policy>(carried, limits);
}

/** @param limits For every knob that is not in `carried`; the callers' types see to that. */
export function withLimits<Name extends Knob, Context>(
  carried: readonly Name[],
  limits: Readonly<Partial<Record<Name, Carried<Context>>>>,
): Carries<Name, Context> {
  return { ...limits, ...Object.fromEntries(carried.map((knob) => [knob, fully])) } as Carries<Name, Context>;
}

/**
 * One sentence for each knob that is not carried out as the policy has it, opening with the knob.
 * @param carries Its limits at least; null: not known before a driver is asked.
 */
export function refusalsOf<Context>(
  carries: Readonly<Partial<Record<Knob, Carried<Context>>>> | null,
  changed: readonly Knob[],
  context: Context,
): string[] {
  const rows = new Map<string, Carried<Context>>(Object.entries(carries ?? {}));
  return [...rows].flatMap(([knob, { why }]) => {
    const of = knobRows.get(knob)?.of ?? null;
    // What says how another knob is carried out has nothing to add where that one is not.
    if (of !== null && rows.get(of)?.how === 'not') return [];
    const applies = changed.some((one) => one === knob) && (of === null || changed.some((one) => one === of));
    const reason = typeof why === 'function' ? why(context) : applies ? why : null;
    return reason === null ? [] : [`${knob}: ${reason}`];
  });
}

/** Knobs in which a policy differs from the reference. @param serverIdleTimeoutMs The reference's. */
export function changedKnobs(policy: Policy, serverIdleTimeoutMs: number | null): Knob[] {
  return policyDifference(policy, referencePolicy(serverIdleTimeoutMs)).map(({ knob }) => knob);
}

/** What a generator answers to `prepare`: for each knob that it knows true, or why it cannot carry out the job's value. */
export interface PrepareAnswer {
  readonly knobs: Readonly<Record<string, true | string>>;
}

/** Refusals of a generator. It refuses a knob that it does not name, for example because it is older than the knob. */
export function generatorRefusals(answer: PrepareAnswer | undefined, policy: Policy): string[] {
  const changed = changedKnobs(policy, policy.server.idleTimeoutMs);
  const carried = changed.map((knob) => {
    const said = answer?.knobs?.[knob] ?? 'the driver does not name this knob in its answer to "prepare"';
    return [knob, said === true ? fully : not(said)];
  });
  return refusalsOf(Object.fromEntries(carried), changed, null);
}
