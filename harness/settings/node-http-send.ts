/**
 * Retry in node:http, which has none: a function that sends again on ECONNRESET or EPIPE, when the
 * socket was a reused one and no answer had begun.
 */
import type { RetryPolicy } from '../contract/policy.ts';
import { grouped, type Line, only } from './lines.ts';

export function nodeHttpSend(retry: RetryPolicy): Line[] {
  const { attemptsMax, methods, connection, backoffMs, idempotencyKey } = retry;
  const fresh = connection === 'fresh';
  return [
    `const attemptsMax = ${attemptsMax};`,
    only(
      methods !== null,
      `const retryMethods = new Set([${methods?.map((method) => `'${method}'`).join(', ')}]);`,
    ),
    '',
    '/** @param body Text, Buffer or null, never a stream. @returns The http.IncomingMessage. */',
    'export async function send(url, options = {}, body = null) {',
    only(idempotencyKey, "  const headers = { 'Idempotency-Key': randomUUID(), ...options.headers };"),
    '  for (let attempt = 1; ; attempt++) {',
    only(fresh, '    // agent: false opens a connection for this request alone.'),
    `    const request = http.request(url, { ...options, ${only(idempotencyKey, 'headers, ') ?? ''}agent${fresh ? ': attempt === 1 ? agent : false' : ''} });`,
    '    try {',
    '      return await answerTo(request, body);',
    '    } catch (error) {',
    "      const raced = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code);",
    `      if (!raced || attempt === attemptsMax${methods === null ? '' : ' || !retryMethods.has(request.method)'}) throw error;`,
    only(
      backoffMs > 0,
      `      await new Promise((resolve) => setTimeout(resolve, ${grouped(Math.ceil(backoffMs))} * 2 ** (attempt - 1)));`,
    ),
    '    }',
    '  }',
    '}',
    '',
    'function answerTo(request, body) {',
    '  return new Promise((resolve, reject) => {',
    "    request.once('response', resolve);",
    "    request.on('error', reject);",
    '    request.end(body);',
    '  });',
    '}',
  ];
}
