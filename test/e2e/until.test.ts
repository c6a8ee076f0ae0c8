/** A run that ends when it knows, through the command line; and runs of before, summarized again. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Summary } from '../../harness/contract/summary.ts';
import { cli, type Finished, folderWith, readSummary } from './cli.ts';

const matrix = `name: until
warmup: 200ms
duration: 400ms
target: { kind: embedded, idleTimeout: 500ms }
traffic: { kind: think-time, clients: 20, gap: { uniform: [50ms, 100ms] } }
strategies: [reuse, retry]
repeatUnhealthy: 0
`;

let folder: string;
let run: Finished;
let summary: Summary;
const inRun = (...names: string[]) => join(folder, 'results/runs/latest', ...names);

beforeAll(async () => {
  folder = folderWith({ 'matrix.yaml': matrix });
  // Of a goal that no number of rounds reaches.
  run = await cli(folder, 'run', '--until', 'errorRate(retry) ±0.0001 %', '--max-rounds', '4');
  if (run.code === 0) summary = readSummary(folder);
}, 120_000);

test('run --until goes on from look to look, and says what is still open', () => {
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  expect(run.stdout).toMatch(
    /\nerrorRate\(retry\) ±0\.0001 % was not reached after 4 rounds: the\s+interval\s+reaches\s+±[\d.]+ %\.\n/,
  );
  expect(summary.run.stopped).toEqual({
    reason: 'rounds-max',
    open: [{ scenario: 'main', strategy: 'retry', metric: 'errorRate' }],
  });
  expect(summary.run.interrupted).toBe(false);
  expect(summary.scenarios[0].planFingerprints).toHaveLength(4);
  expect(summary.scenarios[0].inference?.look).toEqual({ number: 2, roundsMax: 4 });
  expect(readdirSync(inRun('trials')).filter((name) => /^main.*\.json$/.test(name))).toHaveLength(8);
});

test('run --dry-run says when the run would look at its data', async () => {
  const { stdout, code } = await cli(folder, 'run', '--dry-run', '--until', 'decided', '--max-time', '1m');
  expect(code).toBe(0);
  expect(stdout).toContain('about 60s at most in all');
  expect(stdout).toContain(
    'ends when every verdict is decided; looks at the data after 3, 5, 8, 12, 18, 27, 40 rounds',
  );
  expect(stdout.match(/plan [0-9a-f]{16}/g)).toHaveLength(3);
});

test('run refuses a time in which not even one round fits', async () => {
  const { stderr, code } = await cli(folder, 'run', '--until', 'decided', '--max-time', '1s');
  expect(code).toBe(2);
  expect(stderr).toContain('One round takes about 2s; maxTime is 1s. At least one round must fit.');
  expect(stderr).toContain('try: --max-time 6s');
});

test('report --again gives the same summary from the samples', async () => {
  const before = readFileSync(inRun('summary.json'), 'utf8');
  const again = await cli(folder, 'report', 'results/runs/latest', '--again');
  expect(again.stderr).toBe('');
  expect(again.code).toBe(0);
  expect(readFileSync(inRun('summary.json'), 'utf8')).toBe(before);
});

/** Turns the run into one of version 0.1: fixed rounds, no attempts, no end, a summary of version 1. */
function age(): void {
  const change = (name: string, of: (content: Record<string, unknown>) => void) => {
    const content = JSON.parse(readFileSync(inRun(name), 'utf8'));
    of(content);
    writeFileSync(inRun(name), JSON.stringify(content));
  };
  change('run.json', (record) => {
    const { until, repeatUnhealthyMax, worthwhile, ...config } = record.config as Record<string, unknown>;
    record.config = config;
    record.trials = (record.trials as Record<string, unknown>[]).map(({ attempt, ...trial }) => trial);
    delete record.ended;
  });
  for (const name of readdirSync(inRun('trials')).filter((file) => file.endsWith('.json'))) {
    change(join('trials', name), (trial) => {
      const { attempt, ...identity } = trial.identity as Record<string, unknown>;
      trial.identity = identity;
    });
  }
  change('summary.json', (old) => {
    old.schemaVersion = 1;
  });
}

test('report refuses a summary of version 1, and summarizes the run again with --again', async () => {
  age();
  const refused = await cli(folder, 'report', 'results/runs/latest');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/schemaVersion is 1. This idlerace reads only version 2/);
  expect(refused.stderr).toMatch(/try: idlerace report .*latest --again/);
  const again = await cli(folder, 'report', 'results/runs/latest', '--again');
  expect(again.stderr).toBe('');
  expect(again.code).toBe(0);
  const { run: old, scenarios, schemaVersion } = readSummary(folder);
  expect(schemaVersion).toBe(2);
  expect(old.stopped).toEqual({ reason: 'rounds', open: [] });
  expect(old.finishedAt).toBe(summary.run.finishedAt);
  expect(scenarios[0].inference?.look).toBeNull();
  expect(scenarios[0].strategies.map(({ requests }) => requests)).toEqual(
    summary.scenarios[0].strategies.map(({ requests }) => requests),
  );
  expect(existsSync(inRun('report.html'))).toBe(true);
});
