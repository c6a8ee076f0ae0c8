/**
 * What each knob of a policy may be set to. A user's file is not type-checked when it is imported, so
 * a value that no client could carry out is refused here, before the run, instead of being read as
 * something else in the middle of it. The mapped type makes a knob without a rule a compile error.
 */
import { inspect } from 'node:util';
import { outcomes } from '../harness/contract/outcome.ts';
import type { Policy } from '../harness/contract/policy.ts';

interface KnobRule {
  readonly wanted: string;
  allows(value: unknown): boolean;
}

/** Node's timers hold a 32-bit number of ms; a longer one would fire at once. */
const timerMsMax = 2 ** 31 - 1;

const rules: { readonly [Part in keyof Policy]: { readonly [Knob in keyof Policy[Part]]: KnobRule } } = {
  connection: {
    reuse: flag(),
    idleTimeoutMs: orNull(milliseconds(0)),
    idleCheck: choice('checkout', 'timer'),
    hintMarginMs: orNull(milliseconds(0)),
    ageMaxMs: orNull(milliseconds(0)),
    requestsMax: orNull(wholeNumber(1, 2 ** 32 - 1)),
    pick: choice('lifo', 'fifo'),
    // Kernels count whole seconds.
    tcpKeepAliveMs: orNull(milliseconds(1_000)),
  },
  retry: {
    // Samples count the attempts at a request in one byte.
    attemptsMax: wholeNumber(1, 255),
    methods: orNull(
      listOf(
        'methods in capitals, such as "POST"',
        (item) => typeof item === 'string' && /^[A-Z]+$/.test(item),
      ),
    ),
    on: listOf(`outcomes (${outcomes.join(', ')})`, (item) => outcomes.some((outcome) => outcome === item)),
    connection: choice('fresh', 'pooled'),
    backoffMs: milliseconds(0),
    idempotencyKey: flag(),
  },
  // 0 would mean "never" to node:http.
  server: { idleTimeoutMs: orNull(milliseconds(1)) },
};

/** Dotted name → rule, for every knob that there is. */
const knobRules: ReadonlyMap<string, KnobRule> = new Map(
  Object.entries(rules).flatMap(([part, knobs]) =>
    Object.entries(knobs).map(([knob, rule]): [string, KnobRule] => [`${part}.${knob}`, rule]),
  ),
);

/** Why a policy change cannot be; null when it is sound. The change may be anything that a user's file returned. */
export function changeFault(change: unknown): string | null {
  if (!isRecord(change)) return `its policy() returned ${show(change)}: expected an object of changes`;
  for (const [part, knobs] of Object.entries(change)) {
    if (!Object.hasOwn(rules, part))
      return `it sets "${part}": there are only ${Object.keys(rules).join(', ')}`;
    if (knobs === undefined) continue;
    if (!isRecord(knobs)) return `it sets ${part} = ${show(knobs)}: expected an object of knobs`;
    for (const [knob, value] of Object.entries(knobs)) {
      const fault = knobFault(`${part}.${knob}`, value);
      if (fault !== null) return fault;
    }
  }
  return null;
}

function knobFault(knob: string, value: unknown): string | null {
  const rule = knobRules.get(knob);
  if (rule === undefined) {
    return `it sets ${knob}: there is no such knob; there are: ${[...knobRules.keys()].join(', ')}`;
  }
  if (value === undefined) return `it sets ${knob} = undefined: a knob that is not set must be left out`;
  return rule.allows(value) ? null : `it sets ${knob} = ${show(value)}: expected ${rule.wanted}`;
}

/** A value as a message quotes it, on one line. */
export function show(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 1, maxStringLength: 80 });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Promise);
}

function flag(): KnobRule {
  return { wanted: 'true or false', allows: (value) => typeof value === 'boolean' };
}

function choice(...choices: readonly string[]): KnobRule {
  return { wanted: choices.map(show).join(' or '), allows: (value) => choices.some((one) => one === value) };
}

function milliseconds(min: number): KnobRule {
  return {
    wanted: `a number of ms from ${min} to ${timerMsMax}`,
    allows: (value) => typeof value === 'number' && value >= min && value <= timerMsMax,
  };
}

function wholeNumber(min: number, max: number): KnobRule {
  return {
    wanted: `a whole number from ${min} to ${max}`,
    allows: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

function listOf(items: string, allows: (item: unknown) => boolean): KnobRule {
  return { wanted: `a list of ${items}`, allows: (value) => Array.isArray(value) && value.every(allows) };
}

function orNull(rule: KnobRule): KnobRule {
  return { wanted: `null or ${rule.wanted}`, allows: (value) => value === null || rule.allows(value) };
}
