/**
 * Web servers for `npm run try:probe` that are not target kinds of the harness: lighttpd, Apache, and node:http with its
 * defaults. They listen on loopback. Each has its configuration in a folder that is removed at the end.
 */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { findProgram } from '../../harness/base/processes/find-program.ts';
import { startForeignServer } from '../../harness/base/processes/foreign-server.ts';
import type { Launch } from '../../harness/base/processes/processes.ts';
import type { Endpoint } from '../../harness/contract/client-kind.ts';

const readyWithinMs = 5_000;

/** Counts time in whole seconds, and looks once a second or when something wakes it. */
export async function startLighttpd(launch: Launch, host: string, idleSeconds: number): Promise<Endpoint> {
  const program = findProgram('lighttpd', 'apt-get install --no-install-recommends lighttpd');
  const { port } = await startForeignServer(
    {
      ...{ name: 'lighttpd', host, readyPath: '/', readyWithinMs },
      command: ({ folder }) => [program, '-D', '-f', join(folder, 'lighttpd.conf')],
      files: ({ folder, port: free }) => ({
        'index.html': 'ok\n',
        'lighttpd.conf': `server.document-root = "${folder}"
server.bind = "${host}"
server.port = ${free}
server.max-keep-alive-idle = ${idleSeconds}
server.max-keep-alive-requests = 1000
index-file.names = ( "index.html" )
`,
      }),
    },
    launch,
  );
  return endpointOf(host, port);
}

export async function startApache(
  launch: Launch,
  host: string,
  idleSeconds: number,
  requestsMax: number,
): Promise<Endpoint> {
  const program = findProgram('apache2', 'apt-get install --no-install-recommends apache2');
  const { port } = await startForeignServer(
    {
      ...{ name: 'Apache', host, readyPath: '/', readyWithinMs },
      command: ({ folder }) => [program, '-d', folder, '-f', join(folder, 'apache.conf'), '-DFOREGROUND'],
      files: ({ folder, port: free }) => ({
        'index.html': 'ok\n',
        'apache.conf': `LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
ServerName ${host}
Listen ${host}:${free}
PidFile ${folder}/pid
DefaultRuntimeDir ${folder}
DocumentRoot ${folder}
DirectoryIndex index.html
ErrorLog ${folder}/error.log
KeepAliveTimeout ${idleSeconds}
MaxKeepAliveRequests ${requestsMax}
`,
      }),
    },
    launch,
  );
  return endpointOf(host, port);
}

/** It promises whole seconds, and closes a second later. */
export async function startNode(host: string, keepAliveTimeout: number): Promise<Endpoint> {
  const server = createServer({ keepAliveTimeout }, (_, response) => response.end('ok'));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('node:http listens on no port');
  return endpointOf(host, address.port);
}

function endpointOf(host: string, port: number): Endpoint {
  return { host, port, authority: `${host}:${port}`, tls: null };
}
