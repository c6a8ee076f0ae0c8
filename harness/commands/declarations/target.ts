/** The declaration of `idlerace target`. */
import type { TargetOptions } from '../target.ts';
import type { CommandDeclaration } from './command-declaration.ts';

export const target: CommandDeclaration<TargetOptions> = {
  name: 'target',
  summary: 'run only the embedded server, to test a client against it',
  description:
    'Starts the embedded server with an exact idle timeout. Prints every connection that it accepts and ' +
    'every idle connection that it closes. Ctrl-C ends it. Try it: idlerace target --port 8080 --idle-timeout 2s',
  options: [
    ['--host <address>', 'address to listen on', '127.0.0.1'],
    ['--port <n>', 'port to listen on; 0 for any free port', '8080'],
    ['--idle-timeout <d>', 'how long a connection may be idle', '5s'],
    ['--service-time <d>', 'how long each answer takes', '0ms'],
    ['--tls', 'use HTTPS, with a new self-signed certificate', false],
    ['--no-advertise', 'send no "Keep-Alive: timeout=" header'],
  ],
  run: async (host, options) => (await import('../target.ts')).targetCommand(host, options),
};
