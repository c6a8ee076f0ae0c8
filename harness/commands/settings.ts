/**
 * `idlerace settings`: a strategy's policy as configuration of real clients, proxies and servers.
 * Nothing runs and nothing is measured; the numbers come from the options alone.
 */

import { resolveChoices } from '../../strategies/resolve-strategy.ts';
import { exitCodes, HarnessError } from '../base/errors.ts';
import type { Host } from '../base/host.ts';
import { strategyChoice } from '../config/strategy-choice.ts';
import type { ScenarioFacts } from '../contract/strategy.ts';
import { chooseClients } from '../settings/choose-clients.ts';
import { settingsClients } from '../settings/settings.ts';
import { type RenderedSettings, settingsPage } from '../settings/settings-page.ts';
import { durationOption } from './options.ts';

export interface SettingsOptions {
  readonly for?: string;
  readonly idleTimeout: string;
  /** What the server promises by Keep-Alive: timeout=. */
  readonly hint?: string;
  readonly rtt: string;
  readonly lag: string;
  /** Left out: `lag`, as is `clientLag`. */
  readonly serverLag?: string;
  readonly clientLag?: string;
  readonly gapMax: string;
  readonly json: boolean;
}

export async function settingsCommand(
  host: Host,
  strategy: string,
  options: SettingsOptions,
): Promise<number> {
  const command = `idlerace settings ${strategy}`;
  const clients = chooseClients(options.for ?? '', command);
  if (clients.length === 0) {
    const ids = settingsClients.map(({ id }) => id);
    throw new HarnessError(
      'usage',
      `No client for the settings: expected --for with one or more of ${ids.join(', ')}.`,
      {
        hint: `${command} --for ${ids[0]},${ids[1]}`,
      },
    );
  }
  const facts = readFacts(options);
  const [choice] = await resolveChoices([strategyChoice(strategy, host.cwd)]);
  const policy = choice.policyFor(facts);
  // Only what the server is told depends on the longest gap.
  const gapCounts = policy.server.idleTimeoutMs !== facts.serverIdleTimeoutMs;
  const rendered = clients.map(({ id, title, render }): RenderedSettings => {
    return { id, title, ...render(policy, facts) };
  });
  host.stdout.write(
    options.json
      ? `${JSON.stringify({ strategy: choice.label, policy, facts, settings: rendered }, null, 2)}\n`
      : settingsPage(rendered, (id) => commandFor(strategy, id, options, gapCounts)),
  );
  return exitCodes.fine;
}

function readFacts({
  idleTimeout,
  hint,
  rtt,
  lag,
  serverLag,
  clientLag,
  gapMax,
}: SettingsOptions): ScenarioFacts {
  const closesAtMs = durationOption('--idle-timeout', idleTimeout);
  if (closesAtMs < 1) {
    throw new HarnessError(
      'usage',
      `Cannot use --idle-timeout "${idleTimeout}": expected at least 1ms; a server without an idle timeout cannot race.`,
      { hint: 'idlerace settings --help' },
    );
  }
  const hintMs = hint === undefined ? closesAtMs : durationOption('--hint', hint);
  if (hintMs === 0) {
    throw new HarnessError('usage', `Cannot use --hint "${hint}": expected at least 1s, or no --hint.`, {
      hint: 'idlerace settings --help',
    });
  }
  // No advice goes past the server's promise.
  const serverIdleTimeoutMs = Math.min(closesAtMs, hintMs);
  return {
    serverIdleTimeoutMs,
    peerIdleTimeoutMs: serverIdleTimeoutMs,
    rttMs: durationOption('--rtt', rtt),
    serverLagMs:
      serverLag === undefined ? durationOption('--lag', lag) : durationOption('--server-lag', serverLag),
    clientLagMs:
      clientLag === undefined ? durationOption('--lag', lag) : durationOption('--client-lag', clientLag),
    gapMaxMs: durationOption('--gap-max', gapMax),
  };
}

function commandFor(strategy: string, client: string, options: SettingsOptions, gapCounts: boolean): string {
  const { idleTimeout, hint, rtt, lag, serverLag = lag, clientLag = lag, gapMax } = options;
  const promise = hint === undefined ? '' : ` --hint ${hint}`;
  const lags =
    serverLag === clientLag ? `--lag ${serverLag}` : `--server-lag ${serverLag} --client-lag ${clientLag}`;
  const gap = gapCounts ? ` --gap-max ${gapMax}` : '';
  return `idlerace settings ${strategy} --for ${client} --idle-timeout ${idleTimeout}${promise} --rtt ${rtt} ${lags}${gap}`;
}
