/** Bisection: 60 halvings, which end below the spacing of doubles for every interval that is searched here. */

/** The place between `from` and `to` where `holds` turns from true to false. */
export function bisect(holds: (at: number) => boolean, from: number, to: number): number {
  let low = from;
  let high = to;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
