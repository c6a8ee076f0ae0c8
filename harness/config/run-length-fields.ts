/**
 * The fields that set how long a run is: a fixed number of rounds, or as many as its verdicts need. They belong to the
 * whole run. `run-length.ts` checks which of them go together.
 */
import { z } from 'zod';
import { metricNames, type UntilConfig } from '../contract/run-config.ts';
import type { ComparedMetric } from '../contract/summary.ts';
import { positive } from './matrix-fields.ts';

/** Defaults of `rounds` and `maxRounds`. */
export const roundsDefault = 3;
export const maxRoundsDefault = 40;

const roundsMost = 1_000;
const count = z.int();

const percentPattern = /^\d+(\.\d+)?\s*%$/;

function percentage(example: string) {
  return z
    .string({ error: `expected a percentage, for example "${example}"` })
    .regex(percentPattern, { error: `expected a percentage, for example "${example}"` })
    .transform((text) => Number.parseFloat(text) / 100)
    .refine((share) => share > 0, { error: 'expected more than 0 %' });
}

const relative = (what: string) =>
  percentage('5 %')
    .optional()
    .describe(`Smallest worthwhile difference of the ${what}, relative to the reference. Default 10 %.`);

const widthPattern = new RegExp(
  `^(${Object.keys(metricNames).join('|')})\\((.+)\\)\\s*(±|\\+/?-)\\s*(\\d+(\\.\\d+)?)\\s*%$`,
);
const untilExpected = `expected "decided" or a width, for example "errorRate(evict) ±0.1 %" (figures: ${Object.keys(metricNames).join(', ')})`;

const until = z
  .string({ error: untilExpected })
  .regex(new RegExp(`^decided$|${widthPattern.source}`), { error: untilExpected })
  .transform(toGoal)
  .refine((goal) => goal.kind === 'decided' || goal.halfWidth > 0, {
    error: 'expected a width of more than 0 %, because no interval is that narrow',
  });

/** @param text Fits one of the patterns. */
function toGoal(text: string): UntilConfig['goal'] {
  const [, name, strategy, , percent] = widthPattern.exec(text) ?? [];
  const metric = metricOf(name);
  return metric === undefined
    ? { kind: 'decided' }
    : { kind: 'width', metric, strategy: strategy.trim(), halfWidth: Number(percent) / 100 };
}

function metricOf(name: string | undefined): ComparedMetric | undefined {
  return Object.entries(metricNames).find(([known]) => known === name)?.[1];
}

export const runLengthFields = {
  rounds: z
    .union([count.min(1).max(roundsMost), z.literal('auto')], {
      error: `expected a whole number from 1 to ${roundsMost.toLocaleString('en-US')}, or auto`,
    })
    .optional()
    .describe(
      `How many times each strategy runs; intervals need 3. "auto" runs as many rounds as the goal in until needs. Default ${roundsDefault}, or auto with until.`,
    ),
  until: until
    .optional()
    .describe(
      'The goal that ends a run with rounds: auto. "decided" means that every verdict is decided. A width, for example "errorRate(evict) ±0.1 %", means that the interval of the difference from the reference reaches at most this far from its estimate. The unit is percentage points for errorRate, and percent of the reference for other figures. Figures: errorRate, p50, p99, cpu, connections, throughput. Default decided.',
    ),
  maxTime: positive
    .optional()
    .describe('Longest time for all trials together, with rounds: auto. Default: no limit.'),
  maxRounds: count
    .min(1)
    .max(roundsMost)
    .optional()
    .describe(`Largest number of rounds, with rounds: auto. Default ${maxRoundsDefault}.`),
  repeatUnhealthy: count
    .min(0)
    .max(10)
    .default(2)
    .describe('How many times a trial that the machine disturbed is run again. Default 2.'),
  worthwhile: z
    .strictObject({
      errorRate: percentage('0.02 %')
        .optional()
        .describe(
          'Smallest worthwhile difference of the error rate, in percentage points. Default: 10 % of the reference’s error rate, at least 0.02 points.',
        ),
      p50: relative('median response time'),
      p99: relative('99th percentile of the response time'),
      cpu: relative('server CPU per 1,000 answered requests'),
      connections: relative('connections opened per 1,000 answered requests'),
      throughput: relative('answered requests per second, with closed traffic'),
    })
    .prefault({})
    .describe('Differences below these are not worth a decision.'),
};
