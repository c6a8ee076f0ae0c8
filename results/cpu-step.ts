/**
 * The resolution of measured CPU time. The embedded target reads µs. For other processes Linux counts ticks of 10 ms
 * (`/proc/PID/stat`, clock ticks of 1/100 s), which limit what a comparison can show.
 */

/** @param readingsMs null: not known. */
export function cpuStepMs(readingsMs: readonly (number | null)[]): number {
  const known = readingsMs.filter((ms) => ms !== null);
  const inTicks = known.length > 0 && known.every((ms) => Math.abs(ms / 10 - Math.round(ms / 10)) < 1e-6);
  return inTicks ? 10 : 0.001;
}
