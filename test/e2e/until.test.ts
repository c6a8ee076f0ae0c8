/** A run that ends by its data, through the command line. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Summary } from '../../harness/contract/summary.ts';
import { folderWith, readSummary } from '../fixtures/run-folder.ts';
import { cli, type Finished } from './cli.ts';

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
