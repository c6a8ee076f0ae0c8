/**
 * A server of the user's own, started for each trial from its command line. It keeps no books; what it costs is
 * the sum over all processes that it has when it answers for the first time.
 */
import { findProgram } from '../base/processes/find-program.ts';
import { startForeignServer } from '../base/processes/foreign-server.ts';
import type { Launch } from '../base/processes/processes.ts';
import { partly } from '../contract/carries.ts';
import type { TargetConfigOf, TargetKind } from '../contract/target.ts';

type CommandConfig = TargetConfigOf<'command'>;

export function commandTarget(launch: Launch): TargetKind<CommandConfig> {
  return {
    id: 'command',
    title: 'A command',
    summary: 'Your server, started by a command line for each trial; it keeps no ledger.',
    carries: {
      'server.idleTimeoutMs': partly(({ config, policy: { idleTimeoutMs } }) => {
        if (idleTimeoutMs === config.idleTimeoutMs) return null;
        if (config.command.some((word) => word.includes('{idleTimeoutMs}'))) return null;
        return `the command has no {idleTimeoutMs}, so the idle timeout stays ${inWords(config.idleTimeoutMs)} (the strategy requires ${inWords(idleTimeoutMs)})`;
      }),
    },
    async prepare(config) {
      programOf(config);
    },
    async start({ config, policy: { idleTimeoutMs }, host }) {
      const program = programOf(config);
      const { port, pid, pids, lost, stop, kill } = await startForeignServer(
        {
          name: `"${config.command.join(' ')}"`,
          host,
          command: ({ port }) => [
            program,
            ...commandWords(config.command, { host, port, idleTimeoutMs }).slice(1),
          ],
          cwd: process.cwd(),
          hint: startHint(config.command, host, idleTimeoutMs),
          readyPath: '/',
          readyWithinMs: config.readyWithinMs,
        },
        launch,
      );
      return {
        endpoint: { host, port, authority: `${host}:${port}`, tls: null },
        pid,
        pids,
        lost,
        usage: async () => null,
        pulse: null,
        stop: () => stop(() => null),
        kill,
      };
    },
  };
}

/** @returns The command with {host}, {port} and {idleTimeoutMs} replaced; no idle timeout is 0, as Node and Go say it. */
export function commandWords(
  command: readonly string[],
  values: { readonly host: string; readonly port: number; readonly idleTimeoutMs: number | null },
): string[] {
  return command.map((word) =>
    word
      .replaceAll('{host}', values.host)
      .replaceAll('{port}', `${values.port}`)
      .replaceAll('{idleTimeoutMs}', `${Math.ceil(values.idleTimeoutMs ?? 0)}`),
  );
}

/** What to try when the server did not answer. A server on 127.0.0.1 alone works by hand and not in a trial. */
export function startHint(command: readonly string[], host: string, idleTimeoutMs: number | null): string {
  return command.some((word) => word.includes('{host}'))
    ? `run it by hand: ${commandWords(command, { host, port: 8_080, idleTimeoutMs }).join(' ')}`
    : `add {host} to target.command, or listen on all addresses: each trial has its own loopback address, here ${host}`;
}

function programOf({ command: [name] }: CommandConfig): string {
  return findProgram(name, 'check the first word of target.command');
}

function inWords(ms: number | null): string {
  return ms === null ? 'none' : `${ms} ms`;
}
