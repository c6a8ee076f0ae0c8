/** `idlerace target`, declared. */
import type { TargetOptions } from '../target.ts';
import type { CommandDeclaration } from './command-declaration.ts';

export const target: CommandDeclaration<TargetOptions> = {
  name: 'target',
  summary: 'the embedded server alone, to try a client of your own against',
  description:
    'Starts the embedded server with an exact idle timeout and tells of every connection it accepts and\n' +
    'every idle one it closes. Ctrl-C ends it. Try it: idlerace target --port 8080 --idle-timeout 2s',
  options: [
    ['--host <address>', 'address to listen on', '127.0.0.1'],
    ['--port <n>', 'port to listen on; 0 for any free one', '8080'],
    ['--idle-timeout <d>', 'how long a connection may be idle', '5s'],
    ['--service-time <d>', 'how long each answer takes', '0ms'],
    ['--tls', 'https, with a self-signed certificate made on the fly', false],
    ['--no-advertise', 'send no "Keep-Alive: timeout=" header'],
  ],
  run: async (host, options) => (await import('../target.ts')).targetCommand(host, options),
};
