/** `idlerace wire`, declared. */
import type { WireOptions } from '../wire.ts';
import type { CommandDeclaration } from './command-declaration.ts';

export const wire: CommandDeclaration<WireOptions> = {
  name: 'wire',
  summary: 'the delaying proxy alone, to put a round trip before any server',
  description:
    'Delays bytes, FIN and RST by half the round trip each way, so that the race of a real network happens ' +
    'on loopback. Ctrl-C ends it. Try it: idlerace wire --to 127.0.0.1:8080 --rtt 20ms',
  required: [['--to <host:port>', 'where connections go']],
  options: [
    ['--host <address>', 'address to listen on', '127.0.0.1'],
    ['--port <n>', 'port to listen on; 0 for any free one', '8081'],
    ['--rtt <d>', 'round trip to add', '10ms'],
    ['--allow-host <name...>', 'hosts beside loopback that --to may name', []],
  ],
  run: async (host, options) => (await import('../wire.ts')).wireCommand(host, options),
};
