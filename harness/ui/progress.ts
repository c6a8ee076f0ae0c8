/**
 * The progress line of a run: one line on a terminal's stderr, redrawn in place; nothing elsewhere.
 * It counts trials and time; it never looks at what is being measured.
 */
import type { Output } from '../base/host.ts';

export interface ProgressState {
  readonly trialsDone: number;
  readonly trialsPlanned: number;
  /** Planned length of one trial, in ms. */
  readonly trialMs: number;
  /** For example `round 2/3 · evict+retry`. */
  readonly current: string;
  /** For example `last: reuse lost 2.9 %`. */
  readonly last: string;
  readonly elapsedMs: number;
  /** Time since the current trial began, in ms. */
  readonly trialElapsedMs: number;
}

const barWidth = 20;

/** The line, cut to `columns - 1` characters so that it never wraps. */
export function progressLine(state: ProgressState, columns: number): string {
  const { trialsDone, trialsPlanned, trialMs, current, last, elapsedMs, trialElapsedMs } = state;
  const within = Math.min(0.98, trialElapsedMs / trialMs);
  const done = trialsPlanned === 0 ? 1 : Math.min(1, (trialsDone + within) / trialsPlanned);
  const filled = Math.round(done * barWidth);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  // The plan's length until there is experience, then what trials really took.
  const perTrialMs = trialsDone === 0 ? trialMs : (elapsedMs - trialElapsedMs) / trialsDone;
  const leftMs = Math.max(0, (trialsPlanned - trialsDone) * perTrialMs - trialElapsedMs);
  const parts = [
    `${bar} ${trialsDone}/${trialsPlanned} trials`,
    `about ${Math.ceil(leftMs / 1_000)} s left`,
    current,
    last,
  ];
  return parts
    .filter((part) => part !== '')
    .join(' · ')
    .slice(0, columns - 1);
}

export interface Progress {
  trial(current: string): void;
  trialDone(last: string): void;
  /** Removes the line. */
  end(): void;
}

const redrawMs = 200;

/** @param nowMs Any clock that counts ms. */
export function startProgress(
  output: Output,
  plan: { trialsPlanned: number; trialMs: number },
  nowMs: () => number,
): Progress {
  if (!output.isTty) return { trial() {}, trialDone() {}, end() {} };
  const startMs = nowMs();
  let trialStartMs = startMs;
  let trialsDone = 0;
  let current = '';
  let last = '';
  const draw = () => {
    const elapsedMs = nowMs() - startMs;
    const trialElapsedMs = nowMs() - trialStartMs;
    const line = progressLine(
      { ...plan, trialsDone, current, last, elapsedMs, trialElapsedMs },
      output.columns,
    );
    output.write(`\r\x1b[2K${line}`);
  };
  const timer = setInterval(draw, redrawMs);
  return {
    trial(next) {
      current = next;
      trialStartMs = nowMs();
      draw();
    },
    trialDone(text) {
      trialsDone++;
      last = text;
      trialStartMs = nowMs();
      draw();
    },
    end() {
      clearInterval(timer);
      output.write('\r\x1b[2K');
    },
  };
}
