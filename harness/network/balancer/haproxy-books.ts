/**
 * What HAProxy's books say of each request. Its log has a line for every request that ended in an answer or by the
 * client. A request that it ended by closing the client's connection without a word (`abort_keep_alive`) is in no
 * log: so arrivals are counted in a stick table, and what arrived, is over and was not logged was closed silently.
 */
import type { BalancerReport } from '../../contract/balancer.ts';
import { RequestCounts } from './request-counts.ts';

/** Request id, status, why it ended, retries, server. */
export const haproxyLogFormat = '%[capture.req.hdr(0)] %ST %ts %rc %s';

/** Asked for on HAProxy's socket, each followed by an empty line. */
export const haproxyQuestions = 'show table arrivals; show stat';

const line = /^(\d{1,10}) (-?\d+) (\S\S) \+?(\d+) (\S+)$/gm;
const arrival = /\bkey=(\d+) use=(\d+) .*\bgpc0=(\d+)/g;

/**
 * @param answers What it said to `haproxyQuestions` once nothing more could arrive.
 * @param requestCount Rows of the load plan; other ids are not booked.
 */
export function readHaproxyBooks(log: string, answers: string, requestCount: number): BalancerReport {
  const counts = new RequestCounts(requestCount);
  const logged = new Map<number, number>();
  let attemptsLogged = 0;
  for (const [, id, status, termination, retries, server] of log.matchAll(line)) {
    const request = Number(id);
    logged.set(request, (logged.get(request) ?? 0) + 1);
    const own = countsOf(Number(status), termination, Number(retries), server !== '<NOSRV>');
    attemptsLogged += own.upstreamAttempts;
    counts.add(request, own);
  }
  const unlogged: number[] = [];
  for (const [, key, underWay, arrivals] of answers.matchAll(arrival)) {
    const request = Number(key);
    const missing = Number(arrivals) - (logged.get(request) ?? 0);
    // The client has given them up; HAProxy still waits for the target.
    const waiting = Math.min(missing, Number(underWay));
    for (let one = 0; one < missing; one++) unlogged.push(request);
    counts.add(request, { silentCloses: missing - waiting });
  }
  // How often each of these was sent on, only the total tells; once at least.
  let attemptsLeft = Math.max(unlogged.length, attemptsOnServer(answers) - attemptsLogged);
  for (const [index, request] of unlogged.entries()) {
    const attempts = Math.ceil(attemptsLeft / (unlogged.length - index));
    attemptsLeft -= attempts;
    counts.add(request, {
      upstreamAttempts: attempts,
      upstreamDeaths: attempts,
      upstreamRetries: attempts - 1,
    });
  }
  return counts.report;
}

/** Of one logged request. The first letter says who ended it, the second in which phase (HAProxy's manual, 8.5). */
function countsOf(status: number, [by, phase]: string, retries: number, wasSentOn: boolean) {
  const isAnswered = status > 0 && phase !== 'D' && phase !== 'L';
  // Ended by anything but its own end and before the target's data: HAProxy spoke itself, or nobody did.
  const isOwn = isAnswered && by !== '-';
  const lastDied = wasSentOn && (!isAnswered || isOwn) ? 1 : 0;
  const attempts = wasSentOn ? 1 + retries : 0;
  return {
    answers: isAnswered ? 1 : 0,
    upstreamAttempts: attempts,
    upstreamDeaths: wasSentOn ? retries + lastDied : 0,
    upstreamRetries: wasSentOn ? retries : 0,
    ownAnswers: isOwn ? 1 : 0,
  };
}

/**
 * `stot` of the server's row: one for each attempt, also for a connection that could not be opened. Its `wretr` would be
 * no help: it counts a retry after an empty response twice.
 */
function attemptsOnServer(answers: string): number {
  const heading = /^# (pxname,.*)$/m.exec(answers)?.[1].split(',') ?? [];
  const row = /^(to_target,target,.*)$/m.exec(answers)?.[1].split(',') ?? [];
  return Number(row[heading.indexOf('stot')] ?? 0);
}
