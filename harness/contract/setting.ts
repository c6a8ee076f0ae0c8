/**
 * A setting is a knob of the policy or an option of a strategy. One declaration gives its type, default, check, help
 * line, and JSON Schema. A rule defines the allowed values; a setting adds the default and the sentence.
 */

export interface Rule<Value> {
  /** The expected value in a message, with its unit: `a number of ms from 0 to 2147483647`. */
  readonly expected: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Every allowed value if there are few; else empty. */
  readonly values: readonly Value[];
  allows(value: unknown): value is Value;
}

export interface Setting<Value = unknown> extends Rule<Value> {
  readonly default: Value;
  /** One sentence. */
  readonly says: string;
  /** This knob has no effect while the knob named here has its reference value. */
  readonly of: string | null;
}

export type Settings = Readonly<Record<string, Setting>>;

/** The values of some settings, by name. */
export type ValuesOf<Given extends Settings> = {
  readonly [Name in keyof Given]: Given[Name] extends Setting<infer Value> ? Value : never;
};

export function setting<Value>(
  rule: Rule<Value>,
  initial: NoInfer<Value>,
  says: string,
  of: string | null = null,
): Setting<Value> {
  return { ...rule, default: initial, says, of };
}

export function defaultsOf<Given extends Settings>(settings: Given): ValuesOf<Given> {
  const values = Object.entries(settings).map(([name, one]) => [name, one.default]);
  return Object.fromEntries(values) as ValuesOf<Given>;
}

export const flag: Rule<boolean> = {
  expected: 'true or false',
  schema: { type: 'boolean' },
  values: [true, false],
  allows: (value) => typeof value === 'boolean',
};

export function oneOf<const Choice extends string>(...values: readonly Choice[]): Rule<Choice> {
  return {
    expected: values.map((value) => `'${value}'`).join(' or '),
    schema: { type: 'string', enum: values },
    values,
    allows: (value): value is Choice => values.some((one) => one === value),
  };
}

/** Node's timers store a 32-bit number of ms and fire immediately on a longer one. */
const timerMsMax = 2 ** 31 - 1;

export function ms(min: number): Rule<number> {
  return number('number', `a number of ms from ${min} to ${timerMsMax}`, min, timerMsMax);
}

export function wholeNumber(min: number, max: number): Rule<number> {
  return number('integer', `a whole number from ${min} to ${max}`, min, max);
}

function number(
  type: 'number' | 'integer',
  expected: string,
  minimum: number,
  maximum: number,
): Rule<number> {
  return {
    expected,
    schema: { type, minimum, maximum },
    values: [],
    allows: (value): value is number =>
      typeof value === 'number' &&
      value >= minimum &&
      value <= maximum &&
      (type === 'number' || Number.isInteger(value)),
  };
}

/** @param items The plural, for messages. */
export function listOf<Item>(rule: Rule<Item>, items: string, min = 0): Rule<readonly Item[]> {
  return {
    expected: `a list of ${min > 0 ? `${min} or more ` : ''}${items}`,
    schema: { type: 'array', items: rule.schema, minItems: min },
    values: [],
    allows: (value): value is readonly Item[] =>
      Array.isArray(value) && value.length >= min && value.every((item) => rule.allows(item)),
  };
}

/** A method as it is sent. */
export const method: Rule<string> = {
  expected: 'a method in capitals',
  schema: { type: 'string', pattern: '^[A-Z]+$' },
  values: [],
  allows: (value): value is string => typeof value === 'string' && /^[A-Z]+$/.test(value),
};

export function orNull<Value>(rule: Rule<Value>): Rule<Value | null> {
  return {
    expected: `null or ${rule.expected}`,
    schema: { anyOf: [rule.schema, { type: 'null' }] },
    values: rule.values,
    allows: (value): value is Value | null => value === null || rule.allows(value),
  };
}
