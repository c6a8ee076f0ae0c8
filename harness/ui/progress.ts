/**
 * The progress line of a run: one line on a terminal's stderr, redrawn in place; nothing elsewhere.
 * It counts trials and time; it never looks at what is being measured. No package: drawing takes one escape
 * sequence, and `log-update` brings ten packages, requires a stream, and installs handlers for signals.
 */
import type { Output } from '../base/host.ts';

export interface ProgressState {
  readonly trialsDone: number;
  readonly trialsPlanned: number;
  /** Planned length of one trial, in ms. */
  readonly trialMs: number;
  /** The run takes no longer than this, in ms. */
  readonly timeMsMax: number;
  /** For example `round 2/3 · evict+retry`. */
  readonly current: string;
  /** What keeps the run going, for example `open: evict p99, retry cpu +3 more`; empty with a fixed number of rounds. */
  readonly open: string;
  /** For example `last: reuse failed 2.9 %`. */
  readonly last: string;
  readonly elapsedMs: number;
  /** Time since the current trial began, in ms. */
  readonly trialElapsedMs: number;
}

const barWidth = 20;

/** The line, cut to `columns - 1` characters so that it never wraps. */
export function progressLine(state: ProgressState, columns: number): string {
  const { trialsDone, trialsPlanned, trialMs, timeMsMax, current, open, last } = state;
  const { elapsedMs, trialElapsedMs } = state;
  const within = Math.min(0.98, trialElapsedMs / trialMs);
  const done = trialsPlanned === 0 ? 1 : Math.min(1, (trialsDone + within) / trialsPlanned);
  const filled = Math.round(done * barWidth);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  // The plan's length until there is experience, then what trials really took.
  const perTrialMs = trialsDone === 0 ? trialMs : (elapsedMs - trialElapsedMs) / trialsDone;
  const plannedMs = (trialsPlanned - trialsDone) * perTrialMs - trialElapsedMs;
  const leftMs = Math.max(0, Math.min(plannedMs, timeMsMax - elapsedMs));
  const parts = [
    `${bar} ${trialsDone}/${trialsPlanned} trials`,
    `about ${Math.ceil(leftMs / 1_000)} s left`,
    current,
    open,
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
  /** A trial more than planned. */
  trialAdded(): void;
  /** So many trials are expected from now on, because of what is still open. */
  forecast(trialsLeft: number, open: string): void;
  /** Removes the line. */
  end(): void;
}

const redrawMs = 200;

/** @param nowMs Any clock that counts ms. */
export function startProgress(
  output: Output,
  plan: Pick<ProgressState, 'trialsPlanned' | 'trialMs' | 'timeMsMax' | 'open'>,
  nowMs: () => number,
): Progress {
  if (!output.isTty) return { trial() {}, trialDone() {}, trialAdded() {}, forecast() {}, end() {} };
  const startMs = nowMs();
  let trialStartMs = startMs;
  let { trialsPlanned, open } = plan;
  let trialsDone = 0;
  let current = '';
  let last = '';
  const draw = () => {
    const elapsedMs = nowMs() - startMs;
    const trialElapsedMs = nowMs() - trialStartMs;
    const line = progressLine(
      { ...plan, trialsPlanned, trialsDone, current, open, last, elapsedMs, trialElapsedMs },
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
    trialAdded() {
      trialsPlanned++;
    },
    forecast(trialsLeft, text) {
      trialsPlanned = trialsDone + trialsLeft;
      open = text;
      draw();
    },
    end() {
      clearInterval(timer);
      output.write('\r\x1b[2K');
    },
  };
}
