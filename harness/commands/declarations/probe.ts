/** `idlerace probe`, declared. */
import type { ProbeOptions } from '../probe.ts';
import type { CommandDeclaration } from './command-declaration.ts';

export const probe: CommandDeclaration<ProbeOptions> = {
  name: 'probe',
  summary: 'find out a server’s idle timeout, and what clients should be set to',
  description:
    'Finds out, within a number of requests that is printed first: the idle timeout, whether it is advertised and ' +
    'kept, how idle connections are closed, how many requests a connection takes, whether a server behind it has ' +
    'another timeout, the round trip, pipelining, and HTTP/2. Then prints settings and a matrix that tries them.\n\n' +
    'It takes about three times the idle timeout and some seconds. It takes longer when it finds a second server ' +
    'behind the first, when connections are dropped silently, or when its advice must be lowered.',
  argument: ['<url>', 'for example http://127.0.0.1:8080/'],
  options: [
    ['--requests <n>', 'largest number of requests in all', '550'],
    ['--longest <d>', 'longest idle time to wait for', '90s'],
    ['--requests-per-connection <n>', 'how far to look for a limit', '120'],
    ['--lag <d>', 'sets both lags; the margin covers their sum', '50ms'],
    ['--server-lag <d>', 'how late the server may notice a request (default: as --lag)'],
    ['--client-lag <d>', 'how late the client may read an answer (default: as --lag)'],
    ['--for <list>', 'settings for these clients', 'go,node-http,undici'],
    ['--allow-host <name...>', 'hosts beside loopback that the URL may name', []],
    ['--insecure', 'do not verify the certificate', false],
    ['--write <file>', 'file for the matrix that tries the advice'],
    ['--json', 'print the findings as JSON and nothing else', false],
  ],
  run: async (host, options, url) => (await import('../probe.ts')).probeCommand(host, url, options),
};
