/** `idlerace list`: what a matrix file can name. */
import { strategies } from '../../strategies/index.ts';
import { exitCodes, HarnessError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import type { Launch } from '../base/processes/processes.ts';
import { wrapText } from '../base/wrap-text.ts';
import { clientKinds, findClient } from '../client/index.ts';
import type { OptionSettings } from '../contract/strategy.ts';
import { trafficKinds } from '../model/plan/traffic-kinds.ts';
import { balancerKinds } from '../network/balancer/index.ts';
import { targetKinds } from '../target/index.ts';
import { rowText, strategiesFor } from './strategies-for.ts';

interface Entry {
  readonly id: string;
  readonly summary: string;
  readonly options?: OptionSettings;
}

const topics: Readonly<Record<string, (launch: Launch) => readonly Entry[]>> = {
  strategies: () => strategies,
  clients: () => clientKinds,
  targets: targetKinds,
  balancers: balancerKinds,
  traffic: () => trafficKinds,
};

/** @param client Prints which strategies this client kind carries out; null: prints what each entry is. */
export async function listCommand(host: Host, topic: string, client: string | null): Promise<number> {
  const entries = topics[topic]?.({ processes: host.processes, cpus: null });
  if (entries === undefined || (client !== null && topic !== 'strategies')) {
    const known = client === null ? Object.keys(topics).join(', ') : 'strategies, with --for';
    throw new HarnessError('usage', `Cannot list "${topic}"; there are: ${known}.`, {
      hint: 'idlerace list strategies',
    });
  }
  const rows =
    client === null
      ? entries.map(({ id, summary, options = {} }) => ({ id, texts: [summary, ...optionLines(options)] }))
      : (await strategiesFor(findClient(client))).map((row) => ({ id: row.id, texts: [rowText(row)] }));
  const width = Math.max(...rows.map(({ id }) => id.length)) + 2;
  for (const { id, texts } of rows) {
    const lines = texts.flatMap((text) => wrapText(text, Math.max(30, host.stdout.columns - width)));
    host.stdout.write(`${id.padEnd(width)}${lines.join(`\n${' '.repeat(width)}`)}\n`);
  }
  return exitCodes.fine;
}

function optionLines(options: OptionSettings): string[] {
  return Object.entries(options).map(
    ([name, { default: initial, says }]) => `${name} (default ${JSON.stringify(initial)}): ${says}`,
  );
}
