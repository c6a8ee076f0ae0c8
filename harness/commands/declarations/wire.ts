/** The declaration of `idlerace wire`. */
import type { WireOptions } from '../wire.ts';
import type { CommandDeclaration } from './command-declaration.ts';

export const wire: CommandDeclaration<WireOptions> = {
  name: 'wire',
  summary: 'run only the delaying proxy, to add a round trip to any server',
  description:
    'Delays bytes, FIN, and RST by half the round trip each way, so that the race occurs on loopback as on a ' +
    'real network. Ctrl-C ends it. Try it: idlerace wire --to 127.0.0.1:8080 --rtt 20ms',
  required: [['--to <host:port>', 'server to connect to']],
  options: [
    ['--host <address>', 'address to listen on', '127.0.0.1'],
    ['--port <n>', 'port to listen on; 0 for any free port', '8081'],
    ['--rtt <d>', 'round trip to add', '10ms'],
    ['--allow-host <name...>', 'hosts other than loopback that --to may name', []],
  ],
  run: async (host, options) => (await import('../wire.ts')).wireCommand(host, options),
};
