/** The books held against the packets; wants tcpdump and the right to capture. */
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { captureRefusal } from '../../harness/network/capture/start-capture.ts';
import { cliProcesses } from '../fixtures/cli-processes.ts';
import { folderWith, readSummary } from '../fixtures/run-folder.ts';
import { cli } from './cli.ts';

const matrix = `
rounds: 1
warmup: 600ms
duration: 1500ms
target: { kind: embedded, idleTimeout: 500ms }
network: { rtt: 10ms }
traffic: { kind: think-time, clients: 40, gap: { uniform: [450ms, 550ms] } }
strategies: [reuse, retry]
`;

const refusal = await captureRefusal(cliProcesses());

describe.skipIf(refusal !== null)(`with tcpdump (apt-get install tcpdump; ${refusal ?? 'there'})`, () => {
  test('run --capture keeps a pcap of each trial, and every death of the books is in its packets', async () => {
    const folder = folderWith({ 'matrix.yaml': matrix });
    const { code, stderr } = await cli(folder, 'run', '--capture');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { scenarios, warnings } = readSummary(folder);
    expect(warnings.map((warning) => warning.code)).not.toContain('capture-incomplete');
    for (const { label, trials, flights } of scenarios[0].strategies) {
      expect(existsSync(join(folder, 'results/runs/latest/captures', `main.${label}.r1.pcap`))).toBe(true);
      const laws = trials[0].laws.filter(({ law }) => law.includes('packets'));
      expect(laws.map(({ law }) => law)).toHaveLength(3);
      for (const { law, left, right } of laws) expect({ law, value: left }).toEqual({ law, value: right });
      // A tenth of some 160 gaps lies in the window; that none does is less likely than 10 to the −7.
      expect(trials[0].idleRaces).toBeGreaterThan(0);
      const witnesses = new Set(flights.flatMap(({ events }) => events.map(({ witness }) => witness)));
      expect(witnesses).toEqual(new Set(['client', 'wire', 'packets']));
    }
    const html = readFileSync(join(folder, 'results/runs/latest/report.html'), 'utf8');
    expect(html).toContain('Failed attempts, step by step');
  }, 60_000);

  test('a trial that fails ends its capture too, and the run ends', async () => {
    const driver = '#!/bin/sh\nsleep 1; exit 3\n';
    const folder = folderWith({ 'matrix.yaml': `${matrix}client: { kind: ./driver }\n`, driver });
    chmodSync(join(folder, 'driver'), 0o755);
    const { code, stderr } = await cli(folder, 'run', '--capture');
    expect(stderr).toContain('[generator-failed]');
    expect(code).toBe(1);
    expect(readdirSync(join(folder, 'results/runs/latest/captures'))).toHaveLength(1);
  }, 30_000);
});
