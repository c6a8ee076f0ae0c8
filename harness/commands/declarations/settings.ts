/** The declaration of `idlerace settings`. */
import type { SettingsOptions } from '../settings.ts';
import type { CommandDeclaration } from './command-declaration.ts';

export const settings: CommandDeclaration<SettingsOptions> = {
  name: 'settings',
  summary: 'print a strategy as ready-to-paste settings of real clients',
  description:
    'Writes the policy of a strategy as configuration of a real client, proxy, or server. Comments show how each ' +
    'number is computed. Numbers are rounded toward the safe side. Notes name what a client cannot carry out.\n\n' +
    'Clients: go, node-http, undici, java, apache-httpclient, okhttp, requests, reqwest, dotnet, nginx, haproxy, ' +
    'envoy, alb. Servers (for long-idle): go, node-http, nginx, haproxy, alb.\n\n' +
    'Exit codes: 0 written, 2 usage, unknown strategy or client.',
  argument: ['<strategy>', 'a strategy as in `run`: evict, evict+retry, ./mine.ts'],
  options: [
    ['--for <list>', 'clients, separated by commas, for example go,undici'],
    ['--idle-timeout <d>', 'time after which the server closes an idle connection', '5s'],
    ['--hint <d>', 'timeout in the server’s Keep-Alive header, if it is shorter'],
    ['--rtt <d>', 'round trip between client and server', '1ms'],
    ['--server-lag <d>', 'how late the server may notice a request (default: as --lag)'],
    ['--client-lag <d>', 'how late the client may read an answer (default: as --lag)'],
    ['--lag <d>', 'sets both lags; the margin covers their sum', '50ms'],
    ['--gap-max <d>', 'longest time that a client leaves a connection idle, for long-idle', '60s'],
    ['--json', 'print texts and notes as JSON and nothing else', false],
  ],
  after: 'Try it: idlerace settings evict --for go,node-http --idle-timeout 5s --rtt 20ms',
  run: async (host, options, strategy) =>
    (await import('../settings.ts')).settingsCommand(host, strategy, options),
};
