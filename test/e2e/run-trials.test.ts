/** Trials of several calls, one directly after the other, as repeats of a round's last trials are run. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { floorSetups } from '../../harness/commands/floor.ts';
import { readMatrix } from '../../harness/config/read-matrix.ts';
import { runTrials } from '../../harness/engine/run-trial.ts';
import { partsOf } from '../../harness/parts.ts';
import { RunStore } from '../../results/store.ts';
import { cliProcesses } from '../fixtures/cli-processes.ts';
import { folderWith } from '../fixtures/run-folder.ts';

const matrix = `target: { kind: embedded, idleTimeout: 500ms }
traffic: { kind: think-time, clients: 1, gap: 1s }
strategies: [reuse]
`;

test('what a call of runTrials() leaves behind ends no process of the next call', async () => {
  const folder = folderWith({});
  const config = readMatrix(matrix, join(folder, 'matrix.yaml'), { cwd: folder });
  const setups = floorSetups(config, RunStore.create(folder, 'run'));
  const parts = partsOf(cliProcesses(), null);
  const finished: boolean[] = [];
  while (finished.length < 3) {
    for await (const { generator } of runTrials(setups, parts, new AbortController().signal)) {
      finished.push(generator !== null);
    }
  }
  expect(finished).toEqual([true, true, true]);
});
