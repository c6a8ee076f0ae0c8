/**
 * The level of each look at the data, so that several looks do not raise the share of wrong
 * verdicts. This is a group-sequential design with an error-spending function (Lan and DeMets 1983), of Pocock's type,
 * α·ln(1 + (e − 1)·t) after the share t of the rounds.
 *
 * A look's level is the two-sided significance level of a single test. It is computed for normal statistics and
 * used for Student's t: the significance-level approach (Jennison and Turnbull, Group Sequential Methods,
 * section 3.8). Looks may come at any number of rounds, as long as the choice does not depend on the results.
 */
import { assert } from '../../harness/base/assert.ts';
import { normalProbability, upperTail } from '../../harness/base/statistics/normal-probability.ts';
import { bisect } from './bisect.ts';

/**
 * @param looks Rounds finished at each look, ascending; the last one is at most `roundsMax`.
 * @param level Overall probability of a wrong rejection, such as 0.05.
 * @returns One level for each look.
 */
export function groupSequentialLevels(looks: readonly number[], roundsMax: number, level: number): number[] {
  assert(
    looks.length > 0 && looks[looks.length - 1] <= roundsMax,
    'groupSequentialLevels() takes looks up to roundsMax',
  );
  const levels: number[] = [];
  let spent = 0;
  let walk: Walk | null = null;
  for (const rounds of looks) {
    const share = rounds / roundsMax;
    const mayBeSpent = level * Math.log(1 + (Math.E - 1) * share);
    const bound: number = solveBound(walk, share, mayBeSpent - spent);
    walk = stillInside(walk, share, bound);
    spent = mayBeSpent;
    levels.push(2 * upperTail(bound));
  }
  return levels;
}

/** Density of the Brownian motion B(t) that no look has stopped yet, on a grid of its value; null at the start. */
interface Walk {
  readonly share: number;
  readonly at: Float64Array;
  /** Density × the grid's Simpson weight. */
  readonly mass: Float64Array;
}

const gridSteps = 200;

/** The bound on |B(t)|/√t that is crossed for the first time at this look with the given probability. */
function solveBound(walk: Walk | null, share: number, probability: number): number {
  return bisect((bound) => crossing(walk, share, bound * Math.sqrt(share)) > probability, 0, 10);
}

function crossing(walk: Walk | null, share: number, bound: number): number {
  if (walk === null) return 2 * upperTail(bound / Math.sqrt(share));
  const sd = Math.sqrt(share - walk.share);
  let sum = 0;
  for (let index = 0; index < walk.at.length; index++) {
    const outside =
      normalProbability((-bound - walk.at[index]) / sd) + normalProbability((walk.at[index] - bound) / sd);
    sum += walk.mass[index] * outside;
  }
  return sum;
}

function stillInside(walk: Walk | null, share: number, bound: number): Walk {
  const limit = bound * Math.sqrt(share);
  const at = Float64Array.from(
    { length: gridSteps + 1 },
    (_, step) => -limit + (2 * limit * step) / gridSteps,
  );
  const mass = at.map((value, step) => {
    const simpson = step === 0 || step === gridSteps ? 1 : step % 2 === 1 ? 4 : 2;
    return ((simpson * 2 * limit) / gridSteps / 3) * densityAt(walk, share, value);
  });
  return { share, at, mass };
}

function densityAt(walk: Walk | null, share: number, value: number): number {
  const normal = (distance: number, variance: number) =>
    Math.exp(-(distance ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
  if (walk === null) return normal(value, share);
  let sum = 0;
  for (let index = 0; index < walk.at.length; index++) {
    sum += walk.mass[index] * normal(value - walk.at[index], share - walk.share);
  }
  return sum;
}
