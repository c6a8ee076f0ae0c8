/** Intervals and words that are known to miss their bar, and why. `docs/method.md` has the same list. */
import type { Exception } from './bars.ts';

export const exceptions: readonly Exception[] = [
  {
    bar: 'table',
    world: 'calm',
    rounds: [3, 5],
    figures: ['errorRate'],
    reason:
      'Rounds that agree do not prove that failures are independent, so the interval allows for scatter that is not there.',
  },
  {
    bar: 'table',
    world: 'stalls',
    rounds: [3, 5],
    figures: ['responseTimeP99'],
    reason: 'Runs that met no stall cannot know how slow the stalled quarter of the trials is.',
  },
  {
    bar: 'table',
    world: 'outages',
    rounds: [5],
    figures: ['errorRate'],
    reason: 'Runs that met no outage cannot know that one trial in ten has one.',
  },
  {
    bar: 'table',
    world: 'drifting host',
    rounds: [3, 5],
    figures: ['responseTimeP50', 'responseTimeP99', 'cpuPer1000Requests', 'connectionsOpened'],
    reason:
      'Rounds of one run resemble each other, so an interval of one strategy describes that hour. Comparisons are not affected.',
  },
  ...['round noise', 'very noisy strategy', 'noisy reference'].map((world) => ({
    bar: 'table' as const,
    world,
    rounds: [3, 5],
    figures: ['responseTimeP99' as const],
    reason: 'The slowest rounds decide the tail of all rounds, and few rounds hold few of those.',
  })),
  {
    bar: 'table',
    world: 'tiny counts',
    rounds: [3],
    figures: ['connectionsOpened'],
    reason: 'Three rounds with about one new connection each can agree by chance.',
  },
  {
    bar: 'together',
    world: 'loss of the slow',
    rounds: [3, 5, 'auto'],
    figures: null,
    reason:
      'What a trial loses because it is slow there, and not by a timeout, is missing from its times; request ids cannot mend that.',
  },
  {
    bar: 'words',
    world: 'loss of the slow',
    rounds: [3, 5, 'auto'],
    figures: null,
    reason: 'For the same reason. The error rate shows it: look at failures before times.',
  },
];
