/**
 * What nginx's two logs say of each request. The access log has a line per request, with a list of the attempts
 * on the target; an attempt without the moment of its header is one that died. Of an answer that broke off in its
 * body only the error log tells: the access log has it as any other.
 */
import type { BalancerReport } from '../../contract/balancer.ts';
import { RequestCounts } from './request-counts.ts';

/** `$connection` joins the two logs. Lists are quoted: their items are parted by a comma and a space. */
export const nginxLogFormat =
  '$http_x_request_id $status $connection "$request_completion" "$upstream_addr" "$upstream_header_time"';

const line = /^(\d{1,10}) (\d{3}) (\d+) "(OK)?" "([^"]*)" "([^"]*)"$/gm;
const brokenOff = /^\S+ \S+ \[\w+\] \S+ \*(\d+) .* while reading upstream,/gm;

interface LoggedRequest {
  readonly request: number;
  readonly connection: string;
  readonly isComplete: boolean;
  /** Whether each attempt's header was read, in their order. */
  readonly heads: readonly boolean[];
}

/** @param requestCount Rows of the load plan; other ids are not booked. */
export function readNginxLogs(accessLog: string, errorLog: string, requestCount: number): BalancerReport {
  const counts = new RequestCounts(requestCount);
  const logged = [...accessLog.matchAll(line)].map(([, id, , connection, completion, addresses, heads]) => ({
    request: Number(id),
    connection,
    isComplete: completion === 'OK',
    heads: addresses === '-' ? [] : items(heads).map((head) => head !== '-'),
  }));
  const cutOff = lastOfConnections(logged, errorLog);
  for (const one of logged) {
    const { request, isComplete, heads } = one;
    const isWhole = isComplete && !cutOff.has(one);
    const headsRead = heads.filter((isRead) => isRead).length;
    // The last attempt's answer reached nginx whole if nginx passed it on whole.
    const lastIsCut = heads.at(-1) === true && !isWhole ? 1 : 0;
    counts.add(request, {
      answers: isWhole ? 1 : 0,
      upstreamAttempts: heads.length,
      upstreamDeaths: heads.length - headsRead + lastIsCut,
      upstreamRetries: Math.max(0, heads.length - 1),
      ownAnswers: isWhole && heads.at(-1) !== true ? 1 : 0,
    });
  }
  return counts.report;
}

/** Items of a list; a redirect within nginx parts them by a colon. */
function items(list: string): string[] {
  return list.split(/, | : /);
}

/** nginx closes the client's connection after an answer that broke off: it is the last request of it. */
function lastOfConnections(logged: readonly LoggedRequest[], errorLog: string): Set<LoggedRequest> {
  const broken = new Set([...errorLog.matchAll(brokenOff)].map(([, connection]) => connection));
  const last = new Map<string, LoggedRequest>();
  for (const one of logged) if (broken.has(one.connection)) last.set(one.connection, one);
  return new Set(last.values());
}
