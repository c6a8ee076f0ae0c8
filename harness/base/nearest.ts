/** The known word that a mistyped one most likely meant: for "did you mean" in error messages. */
import { closestMatch } from 'leven';

/** The end of an error message, with a space before it; empty without a guess. */
export function didYouMean(guess: string | null): string {
  return guess === null ? '' : ` Did you mean "${guess}"?`;
}

/** Ignores case. null when no name is near: more than a third of the letters, and at least two, differ. */
export function nearest(word: string, known: readonly string[]): string | null {
  const lowerCase = known.map((one) => one.toLowerCase());
  const maxDistance = Math.max(2, Math.floor(word.length / 3));
  const match = closestMatch(word.toLowerCase(), lowerCase, { maxDistance });
  return match === undefined ? null : known[lowerCase.indexOf(match)];
}
