/**
 * After which rounds a run that ends when its verdicts are decided looks at its data. The looks are fixed in advance,
 * because the level of each look depends on all of them (Jennison and Turnbull, *Group Sequential Methods*, 2000,
 * chapter 7). Each is about 1.5 times the one before, so an early decision is found early and late looks are few.
 */
const looks = [3, 5, 8, 12, 18, 27, 40, 60, 90, 135, 200, 300, 450, 675, 1_000];

/** @param roundsMax The most rounds of the run, which is always the last look. */
export function plannedLooks(roundsMax: number): number[] {
  return [...looks.filter((rounds) => rounds < roundsMax), roundsMax];
}
