/** The checks of the self-test, in the order in which they run. A new one is added here. */
import type { Check } from './check.ts';
import { checkFaults } from './check-faults.ts';
import { checkKnownDistributions } from './check-known-distributions.ts';
import { checkLaws } from './check-laws.ts';
import { checkMargin } from './check-margin.ts';
import { checkPacing } from './check-pacing.ts';
import { checkRaceLaw } from './check-race-law.ts';
import { checkSame } from './check-same.ts';
import { checkStall } from './check-stall.ts';
import { checkStops } from './check-stops.ts';

/** `laws` is last: it looks at the trials of all others. */
export const checks: readonly Check[] = [
  checkFaults,
  checkStall,
  checkStops,
  checkKnownDistributions,
  checkRaceLaw,
  checkMargin,
  checkPacing,
  checkSame,
  checkLaws,
];
