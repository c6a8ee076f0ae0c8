/** Both sides' books of a finished trial. */
import { HarnessError } from '../base/errors.ts';
import type { GeneratorReport } from '../contract/samples.ts';
import type { TargetReport } from '../contract/target.ts';
import type { TrialResult } from '../contract/trial.ts';

export interface TrialBooks {
  readonly generator: GeneratorReport;
  readonly target: TargetReport;
}

/** @throws HarnessError `target-lost` when the trial was cut short. */
export function booksOf({ identity, generator, target, health }: TrialResult): TrialBooks {
  if (generator !== null && target !== null) return { generator, target };
  throw new HarnessError(
    'target-lost',
    `Trial "${identity.id}" was cut short: ${health.reasons.join('; ')}.`,
  );
}
