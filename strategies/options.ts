/** Checks of option values, for strategy files. Each returns the value, or throws a RangeError for the user. */

/** @throws RangeError unless it is finite and at least `min` ms. */
export function milliseconds(option: string, value: number, min: number): number {
  if (Number.isFinite(value) && value >= min) return value;
  throw new RangeError(`"${option}" must be at least ${min} ms: current value is ${value}`);
}

/** @throws RangeError unless it is a whole number from `min` to `max`. */
export function wholeNumber(option: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`"${option}" must be a whole number from ${min} to ${max}: current value is ${value}`);
}

/** @throws RangeError unless it is a list of one or more methods as they are sent, in capitals. */
export function methodNames(option: string, value: readonly string[]): readonly string[] {
  if (Array.isArray(value) && value.length > 0 && value.every((name) => /^[A-Z]+$/.test(name))) return value;
  throw new RangeError(
    `"${option}" must be a list of methods in capitals, such as ["GET"]: current value is ${JSON.stringify(value)}`,
  );
}

/** @throws RangeError unless it is one of the choices. */
export function oneOf<const Choice extends string>(
  option: string,
  value: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((one) => one === value);
  if (choice !== undefined) return choice;
  throw new RangeError(`"${option}" must be one of ${choices.join(', ')}: current value is "${value}"`);
}
