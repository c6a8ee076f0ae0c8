/** nginx as a balancer, with connections kept to one target. */
import { findNginx, nginxReadyLocation, nginxTime, startNginx } from '../../base/processes/nginx.ts';
import type { Launch } from '../../base/processes/processes.ts';
import type { BalancerConfigOf, BalancerKind } from '../../contract/balancer.ts';
import type { Endpoint } from '../../contract/client-kind.ts';
import { nginxLogFormat, readNginxLogs } from './nginx-log.ts';

type NginxConfig = BalancerConfigOf<'nginx'>;

export function nginxBalancer(launch: Launch): BalancerKind<NginxConfig> {
  return {
    id: 'nginx',
    title: 'nginx',
    summary:
      'nginx with upstream keep-alive. If a connection to the target fails, it answers 502, or retries if proxy_next_upstream allows it.',
    async prepare() {
      findNginx();
    },
    async start({ config, host, upstream, requestCount }) {
      const { port, pid, lost, kill, stop } = await startNginx(host, launch, (place) =>
        upstreamConfig(config, upstream, place),
      );
      return {
        // The Host header is the target's own: it is passed through.
        endpoint: { host, port, authority: upstream.authority, tls: null },
        pid,
        lost,
        async stop() {
          const { access, error } = await stop();
          return readNginxLogs(access, error, requestCount);
        },
        kill,
      };
    },
  };
}

/** Everything that decides the race is said, the rest is as nginx ships. */
export function upstreamConfig(
  config: NginxConfig,
  upstream: Pick<Endpoint, 'host' | 'port'>,
  { folder, host, port }: { readonly folder: string; readonly host: string; readonly port: number },
): string {
  const nextUpstream = config.nextUpstream.length === 0 ? 'off' : config.nextUpstream.join(' ');
  return `
  log_format requests '${nginxLogFormat}';
  upstream target {
    server ${hostInUrl(upstream.host)}:${upstream.port};
    keepalive ${config.upstreamConnectionsMax};
    keepalive_timeout ${nginxTime(config.upstreamIdleTimeoutMs)};
    keepalive_requests ${config.upstreamRequestsMax};
    keepalive_time 30d;
  }
  server {
    listen ${host}:${port} backlog=4096;
    keepalive_timeout ${nginxTime(config.clientIdleTimeoutMs)};
    keepalive_requests 1000000000;
    access_log "${folder}/access.log" requests;
    ${nginxReadyLocation}
    location / {
      proxy_pass http://target;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_next_upstream ${nextUpstream};
      proxy_connect_timeout 60s;
      proxy_send_timeout 60s;
      proxy_read_timeout 60s;
    }
  }`;
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
