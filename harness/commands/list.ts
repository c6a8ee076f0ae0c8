/** `idlerace list`: what a matrix file can name. */
import { strategies } from '../../strategies/index.ts';
import { exitCodes, HarnessError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import type { Launch } from '../base/processes/processes.ts';
import { wrapText } from '../base/wrap-text.ts';
import { clientKinds } from '../client/index.ts';
import { trafficKinds } from '../model/plan/traffic-kinds.ts';
import { balancerKinds } from '../network/balancer/index.ts';
import { targetKinds } from '../target/index.ts';

interface Entry {
  readonly id: string;
  readonly summary: string;
  readonly defaults?: Readonly<Record<string, unknown>>;
}

const topics: Readonly<Record<string, (launch: Launch) => readonly Entry[]>> = {
  strategies: () => strategies,
  clients: () => clientKinds,
  targets: targetKinds,
  balancers: balancerKinds,
  traffic: () => trafficKinds,
};

export function listCommand(host: Host, topic: string): number {
  const entries = topics[topic]?.({ processes: host.processes, cpus: null });
  if (entries === undefined) {
    throw new HarnessError('usage', `Cannot list "${topic}"; there are: ${Object.keys(topics).join(', ')}.`, {
      hint: 'idlerace list strategies',
    });
  }
  const width = Math.max(...entries.map(({ id }) => id.length)) + 2;
  for (const { id, summary, defaults } of entries) {
    const indent = ' '.repeat(width);
    const options = Object.entries(defaults ?? {}).map(
      ([name, value]) => `${name}: ${JSON.stringify(value)}`,
    );
    const text = [summary, ...(options.length === 0 ? [] : [`options: ${options.join(', ')}`])];
    const lines = text.flatMap((line) => wrapText(line, Math.max(30, host.stdout.columns - width)));
    host.stdout.write(`${id.padEnd(width)}${lines.join(`\n${indent}`)}\n`);
  }
  return exitCodes.fine;
}
