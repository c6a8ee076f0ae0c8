/** `target.faults` of the matrix file: how many requests of each trial suffer which fault. */
import { z } from 'zod';
import type { FaultKind } from '../contract/fault.ts';

const times = (does: string) => z.int().min(0).max(1_000_000).optional().describe(`Times: ${does}.`);

const fields = {
  'fin-unexecuted': times('FIN instead of an answer, the request not executed'),
  'fin-executed': times('executed, then FIN instead of an answer'),
  'rst-unexecuted': times('RST instead of an answer, the request not executed'),
  'rst-executed': times('executed, then RST instead of an answer'),
  'half-close': times('not executed; FIN of the sending side, and the connection stays open'),
  'black-hole': times('not executed; no byte ever comes'),
  'no-close-notify': times('executed, then the TCP connection ends without a close_notify; only with tls'),
  'close-in-head': times('executed; FIN in the middle of the headers'),
  'close-in-body': times('executed; FIN in the middle of a Content-Length body'),
  'close-in-chunk': times('executed; FIN in the middle of a chunk'),
  'malformed-status': times('executed; a status line that is not HTTP'),
  'status-500': times('executed and answered with status 500'),
  'idle-fin': times('answered, then FIN on the idle connection after 20 ms'),
  'lying-keep-alive': times('answered with "Connection: keep-alive", then FIN at once'),
  'hint-too-long': times('answered with "Keep-Alive: timeout=3600"'),
  'hint-too-short': times('answered with "Keep-Alive: timeout=1"'),
  refuse: times('answered, then new connections are refused for faultTime'),
  freeze: times('the whole server stands still for faultTime before it answers'),
  restart: times(
    'answered, then idle connections are closed, requests under way answered, new connections refused for faultTime',
  ),
  crash: times('executed, then every connection is cut and new ones are refused for faultTime'),
} satisfies Record<Exclude<FaultKind, 'none'>, z.ZodType>;

export const faultFields = z.strictObject(fields);
