/** A strategy in a chart: what it is called, and its place in the run, which decides its colour. */
export interface ChartRow {
  readonly name: string;
  readonly position: number;
}
