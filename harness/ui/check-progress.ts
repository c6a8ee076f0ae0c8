/** The progress line of the self-test: which check runs, and about how long all of them still take. */
import type { Output } from '../base/host.ts';

export interface CheckProgress {
  /** About how long it takes, ms. */
  start(check: { readonly id: string; readonly lastsMs: number }): void;
  /** Removes the line, for others to write; the next `start` draws it again. */
  clear(): void;
}

const redrawMs = 200;

/** @param nowMs Any clock that counts ms. */
export function checkProgress(
  output: Output,
  checks: readonly { readonly id: string; readonly lastsMs: number }[],
  nowMs: () => number,
): CheckProgress {
  if (!output.isTty) return { start() {}, clear() {} };
  let timer: NodeJS.Timeout | null = null;
  let started = 0;
  const clear = () => {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    output.write('\r\x1b[2K');
  };
  return {
    start(check) {
      clear();
      const startMs = nowMs();
      const number = ++started;
      const laterMs = checks.slice(number).reduce((sum, { lastsMs }) => sum + lastsMs, 0);
      const draw = () => {
        const leftMs = laterMs + Math.max(0, check.lastsMs - (nowMs() - startMs));
        const line = checkProgressLine(number, checks.length, check.id, leftMs);
        output.write(`\r\x1b[2K${line.slice(0, output.columns - 1)}`);
      };
      draw();
      timer = setInterval(draw, redrawMs);
    },
    clear,
  };
}

export function checkProgressLine(number: number, checks: number, id: string, leftMs: number): string {
  return `check ${number}/${checks} · ${id} · about ${Math.ceil(leftMs / 1_000)} s left`;
}
