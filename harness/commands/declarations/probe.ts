/** The declaration of `idlerace probe`. */
import type { ProbeOptions } from '../probe.ts';
import type { CommandDeclaration } from './command-declaration.ts';

export const probe: CommandDeclaration<ProbeOptions> = {
  name: 'probe',
  summary: 'measure a server’s idle timeout, and recommend client settings',
  description:
    'Prints the maximum number of requests first. Then finds the idle timeout, whether the server advertises and ' +
    'keeps it, how the server closes idle connections, how many requests it accepts on a connection, whether a ' +
    'server behind it has another timeout, the round trip, pipelining, and HTTP/2. Then prints settings and a ' +
    'matrix that tries them.\n\n' +
    'A probe takes about three times the idle timeout plus some seconds. It takes longer when it finds a second server ' +
    'behind the first, when connections are dropped silently, or when its advice must be lowered.',
  argument: ['<url>', 'for example http://127.0.0.1:8080/'],
  options: [
    ['--requests <n>', 'maximum number of requests', '550'],
    ['--longest <d>', 'longest idle time to wait for', '90s'],
    [
      '--requests-per-connection <n>',
      'maximum number of requests on one connection, to find its limit',
      '120',
    ],
    ['--lag <d>', 'sets both lags; the margin covers their sum', '50ms'],
    ['--server-lag <d>', 'how late the server may notice a request (default: as --lag)'],
    ['--client-lag <d>', 'how late the client may read an answer (default: as --lag)'],
    ['--for <list>', 'clients to print settings for, separated by commas', 'go,node-http,undici'],
    ['--allow-host <name...>', 'hosts other than loopback that the URL may name', []],
    ['--insecure', 'do not verify the certificate', false],
    ['--write <file>', 'write the matrix that tries the advice to this file'],
    ['--json', 'print the findings as JSON and nothing else', false],
  ],
  run: async (host, options, url) => (await import('../probe.ts')).probeCommand(host, url, options),
};
