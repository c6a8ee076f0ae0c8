/** Trials of several calls, one directly after the other, as repeats of a round's last trials are run. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { floorSetups } from '../../harness/commands/floor.ts';
import { readMatrix } from '../../harness/config/read-matrix.ts';
import { runTrials } from '../../harness/engine/run-trial.ts';
import { partsOf } from '../../harness/parts.ts';
import { RunStore } from '../../results/store.ts';
import { folderWith } from './cli.ts';

const matrix = `target: { kind: embedded, idleTimeout: 500ms }
traffic: { kind: think-time, clients: 1, gap: 1s }
strategies: [reuse]
`;

// Processes of our own are the command line entered again.
const entry = process.argv[1];
beforeAll(() => {
  process.argv[1] = join(import.meta.dirname, '../../harness/cli.ts');
});
afterAll(() => {
  process.argv[1] = entry;
});

test('what a call of runTrials() leaves behind ends no process of the next call', async () => {
  const folder = folderWith({});
  const config = readMatrix(matrix, join(folder, 'matrix.yaml'), { cwd: folder });
  const setups = floorSetups(config, RunStore.create(folder, 'run'));
  const finished: boolean[] = [];
  while (finished.length < 3) {
    for await (const { generator } of runTrials(setups, partsOf(null), new AbortController().signal)) {
      finished.push(generator !== null);
    }
  }
  expect(finished).toEqual([true, true, true]);
});
