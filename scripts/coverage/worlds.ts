/**
 * The simulated worlds in which the verdicts are tested. A world defines the noise of the trials of a run.
 *
 * A world is a calm machine with one thing changed. Noise is on the log scale: 0.05 is about 5 %. In most worlds
 * all strategies are the same strategy, so that every word of a difference is wrong.
 */

/** What is truly different about a strategy, as factors of the reference's figures. */
interface Effect {
  readonly time: number;
  readonly cpu: number;
  readonly connections: number;
  /** Of the probability to fail by the race. */
  readonly failures: number;
}

export interface World {
  readonly name: string;
  readonly what: string;
  /** Noise that the trials of a round share. */
  readonly roundSd: number;
  /** Noise of a single trial. */
  readonly trialSd: number;
  /** `t3`: Student's t with three degrees of freedom, scaled to the same standard deviation. */
  readonly tails: 'normal' | 't3';
  /** Label → how many times noisier that strategy is. */
  readonly noisier: Readonly<Record<string, number>>;
  /** Standard deviation of the host's speed, which wanders from trial to trial with a correlation of 0.9. */
  readonly driftSd: number;
  /** How much slower and dearer each later position in a round is. */
  readonly slowerByPosition: number;
  /** Share of trials with a stall: 3 % of its requests take ten times as long. */
  readonly stalledTrials: number;
  /** Share of trials with an outage: 5 % of its requests fail, in one piece. */
  readonly outageTrials: number;
  /** Share of requests that the plan brings into the race; nine of ten of them fail, the same ones in all trials. */
  readonly raceShare: number;
  /** Probability of a failure that has nothing to do with the plan. */
  readonly strayShare: number;
  /**
   * Whether one request in five is slow, three times as slow, and the reference loses six in ten of those. `plan`: the
   * same requests are slow for every strategy. `chance`: which ones are slow is drawn in each trial.
   */
  readonly slowLost: 'plan' | 'chance' | null;
  /** The reference's failures are timeouts. */
  readonly timesOut: boolean;
  readonly connections: number;
  readonly cpuMs: number;
  /** CPU time is read in steps of this. */
  readonly cpuStepMs: number;
  readonly effects: Readonly<Record<string, Partial<Effect>>>;
}

export const reference = 'reference';
export const labels = [reference, 'a', 'b', 'c', 'd', 'e'];
/** Of a trial; p99 needs 1,000 that both strategies answered. */
export const requests = 1_200;
/** Chance that a request in the race fails. */
export const raceFails = 0.9;
export const slow = { share: 0.2, factor: 3, lost: 0.6 };
const noEffect: Effect = { time: 1, cpu: 1, connections: 1, failures: 1 };

const calm: World = {
  name: 'calm',
  what: 'noise of 5 % in each round and in each trial; 3 % of the requests race',
  roundSd: 0.05,
  trialSd: 0.05,
  tails: 'normal',
  noisier: {},
  driftSd: 0,
  slowerByPosition: 0,
  stalledTrials: 0,
  outageTrials: 0,
  raceShare: 0.03,
  strayShare: 0.0005,
  slowLost: null,
  timesOut: false,
  connections: 150,
  cpuMs: 300,
  cpuStepMs: 0.001,
  effects: {},
};

export const worlds: readonly World[] = [
  calm,
  {
    ...calm,
    name: 'stalls',
    what: 'one trial in four stalls: 3 % of its requests take ten times as long',
    stalledTrials: 0.25,
  },
  {
    ...calm,
    name: 'outages',
    what: 'one trial in ten loses 5 % of its requests at once',
    outageTrials: 0.1,
  },
  { ...calm, name: 'drifting host', what: 'the speed of the host wanders by 10 %', driftSd: 0.1 },
  {
    ...calm,
    name: 'order effect',
    what: 'each later trial of a round is 2 % slower and dearer',
    slowerByPosition: 0.02,
  },
  {
    ...calm,
    name: 'heavy loss',
    what: 'the reference loses 12 % of the requests, which are slow ones for every strategy',
    slowLost: 'plan',
  },
  {
    ...calm,
    name: 'timeouts',
    what: 'the reference gives up on 12 % of its requests because they happen to be slow',
    slowLost: 'chance',
    timesOut: true,
    raceShare: 0,
  },
  {
    ...calm,
    name: 'loss of the slow',
    what: 'the reference loses 12 % of its requests because they happen to be slow',
    slowLost: 'chance',
  },
  {
    ...calm,
    name: 'tiny counts',
    what: 'about one failure and one new connection in a trial',
    raceShare: 0,
    strayShare: 1 / requests,
    connections: 1,
  },
  {
    ...calm,
    name: 'ties',
    what: 'CPU time of about 65 ms, read in ticks of 10 ms',
    cpuMs: 65,
    cpuStepMs: 10,
  },
  { ...calm, name: 'round noise', what: 'rounds differ by 30 %', roundSd: 0.3 },
  { ...calm, name: 'noisy strategy', what: 'one strategy is 3 times as noisy', noisier: { e: 3 } },
  {
    ...calm,
    name: 'very noisy strategy',
    what: 'one strategy is 10 times as noisy',
    noisier: { e: 10 },
  },
  {
    ...calm,
    name: 'noisy reference',
    what: 'the reference is 3 times as noisy',
    noisier: { [reference]: 3 },
  },
  { ...calm, name: 'heavy tails', what: "a trial's noise has the tails of Student's t(3)", tails: 't3' },
  {
    ...calm,
    name: 'differences',
    what: 'a: none; b: times × 1.3; c: CPU × 0.75; d: connections × 1.5; e: no races, times × 1.04',
    effects: {
      b: { time: 1.3 },
      c: { cpu: 0.75 },
      d: { connections: 1.5 },
      e: { failures: 0, time: 1.04 },
    },
  },
];

export function effectOf(world: World, label: string): Effect {
  return { ...noEffect, ...world.effects[label] };
}
