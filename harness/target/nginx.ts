/** nginx as an origin: answers every request by itself; its access log is the ledger. */
import { emptyTable } from '../base/columns/tables.ts';
import { findNginx, nginxReadyLocation, nginxTime, startNginx } from '../base/processes/nginx.ts';
import type { Launch } from '../base/processes/processes.ts';
import { fully } from '../contract/carries.ts';
import {
  type Ledger,
  ledgerLayout,
  type TargetConfigOf,
  type TargetKind,
  type TargetReport,
} from '../contract/target.ts';

type NginxConfig = TargetConfigOf<'nginx'>;

export function nginxTarget(launch: Launch): TargetKind<NginxConfig> {
  return {
    id: 'nginx',
    title: 'nginx',
    summary: 'nginx as the origin, one process, with keepalive_timeout; its access log is the ledger.',
    carries: { 'server.idleTimeoutMs': fully },
    async prepare() {
      findNginx();
    },
    async start({ config, policy: { idleTimeoutMs }, host, requestCount }) {
      const { port, pid, lost, kill, stop } = await startNginx(host, launch, (place) =>
        originConfig(config, idleTimeoutMs, place),
      );
      return {
        endpoint: { host, port, authority: `${host}:${port}`, tls: null },
        pid,
        lost,
        usage: async () => null,
        pulse: null,
        stop: async () => reportOf(originLedger((await stop()).access, requestCount)),
        kill,
      };
    },
  };
}

/** Longest word of nginx's configuration is 4 KiB, so a body is put together from pieces of 1 KiB. */
const pieceBytes = 1_024;

/** @param idleTimeoutMs null: none. */
export function originConfig(
  { requestsPerConnectionMax, responseBytes }: NginxConfig,
  idleTimeoutMs: number | null,
  { folder, host, port }: { readonly folder: string; readonly host: string; readonly port: number },
): string {
  const pieces = '$piece'.repeat(Math.floor(responseBytes / pieceBytes));
  return `
  log_format ledger '$http_x_request_id $status "$request_completion"';
  server {
    listen ${host}:${port} backlog=4096;
    keepalive_timeout ${nginxTime(idleTimeoutMs)};
    keepalive_requests ${requestsPerConnectionMax};
    access_log "${folder}/access.log" ledger;
    set $piece "${'x'.repeat(pieceBytes)}";
    set $rest "${'x'.repeat(responseBytes % pieceBytes)}";
    ${nginxReadyLocation}
    location / { return 200 "${pieces}$rest"; }
  }`;
}

/** A line is written when a request is over; a request whose head never arrived in full has no id. */
export function originLedger(accessLog: string, requestCount: number): Ledger {
  // nginx logs whole milliseconds, which is too coarse to separate the way from a lag, so the times stay NaN.
  const ledger = emptyTable(ledgerLayout, requestCount);
  const { executions, answers } = ledger;
  for (const [, id, status, completion] of accessLog.matchAll(/^(\d{1,10}) (\d{3}) "(OK)?"$/gm)) {
    const row = Number(id);
    // 400 and above are nginx's own words on what it could not read: nothing was executed.
    if (row >= requestCount || Number(status) >= 400) continue;
    if (executions[row] < 255) executions[row]++;
    if (completion === 'OK' && answers[row] < 255) answers[row]++;
  }
  return ledger;
}

function reportOf(ledger: Ledger): TargetReport {
  return {
    ledger,
    connectionsOpenMax: null,
    connectionOpenedNs: null,
    connectionClosedNs: null,
    idleTimerLatenessNs: new Float64Array(),
    eventLoopDelayMsP99: null,
  };
}
