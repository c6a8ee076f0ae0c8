/** A port for a program that cannot choose one by itself and say which. */
import { createServer } from 'node:net';
import { HarnessError } from '../errors.ts';

/** Free now; nothing holds it until the program listens, so that addresses should be the trial's own. */
export function freePort(host: string): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.on('error', (error) =>
      reject(new HarnessError('target-start-failed', `No free port on ${host}: ${error.message}.`)),
    );
    server.listen({ host, port: 0, exclusive: true }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
