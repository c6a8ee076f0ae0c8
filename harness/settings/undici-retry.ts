/**
 * Retry in undici as an interceptor of our own. Its RetryAgent waits 500 ms by default, goes through
 * the pool where the next connection is as old, and asks for the rest of an answer that was cut, by
 * sending the request again with a Range: for a POST that would be a second execution.
 */
import type { RetryPolicy } from '../contract/policy.ts';
import { grouped, type Line, only } from './lines.ts';

export function undiciRetry(retry: RetryPolicy): Line[] {
  const { attemptsMax, methods, connection, backoffMs } = retry;
  const again = connection === 'fresh' ? 'fresh' : 'pool';
  const resend = `${again}.dispatch(this.#request, this)`;
  return [
    only(
      connection === 'fresh',
      'const fresh = new Agent({ pipelining: 0 }); // a connection for each request',
    ),
    `const attemptsMax = ${attemptsMax};`,
    only(
      methods !== null,
      `const retryMethods = new Set([${methods?.map((method) => `'${method}'`).join(', ')}]);`,
    ),
    "const deaths = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);",
    '',
    '/** Sends the request again as long as no byte of an answer has come. */',
    'class Resending {',
    '  #attempt = 1;',
    '  #answered = false;',
    '  #request;',
    '  #handler;',
    '',
    '  constructor(request, handler) {',
    '    this.#request = request;',
    '    this.#handler = handler;',
    '  }',
    '',
    '  onRequestStart(...all) {',
    '    return this.#handler.onRequestStart?.(...all);',
    '  }',
    '',
    '  onRequestUpgrade(...all) {',
    '    this.#answered = true;',
    '    return this.#handler.onRequestUpgrade?.(...all);',
    '  }',
    '',
    '  onResponseStart(...all) {',
    '    this.#answered = true;',
    '    return this.#handler.onResponseStart?.(...all);',
    '  }',
    '',
    '  onResponseData(...all) {',
    '    return this.#handler.onResponseData?.(...all);',
    '  }',
    '',
    '  onResponseEnd(...all) {',
    '    return this.#handler.onResponseEnd?.(...all);',
    '  }',
    '',
    '  onResponseError(controller, error) {',
    '    const { body } = this.#request;',
    "    const repeatable = body == null || typeof body === 'string' || ArrayBuffer.isView(body);",
    `    const mayResend = !controller?.aborted && !this.#answered && repeatable && deaths.has(error.code)${methods === null ? '' : ' && retryMethods.has(this.#request.method)'};`,
    '    if (mayResend && this.#attempt < attemptsMax) {',
    '      this.#attempt++;',
    backoffMs > 0
      ? [`      setTimeout(() => ${resend}, ${grouped(Math.ceil(backoffMs))} * 2 ** (this.#attempt - 2));`]
      : `      ${resend};`,
    '    } else {',
    '      this.#handler.onResponseError?.(controller, error);',
    '    }',
    '  }',
    '}',
    '',
    '// request(url, { dispatcher: agent }), fetch(url, { dispatcher: agent })',
    ...composed(retry),
  ];
}

/** The pool with the interceptor. */
function composed({ idempotencyKey }: RetryPolicy): string[] {
  return idempotencyKey
    ? [
        'export const agent = pool.compose((dispatch) => (options, handler) => {',
        "  const key = ['idempotency-key', randomUUID()];",
        '  const headers = Array.isArray(options.headers)',
        '    ? [...options.headers, ...key]',
        '    : { ...Object.fromEntries([key]), ...options.headers };',
        '  const request = { ...options, headers };',
        '  return dispatch(request, new Resending(request, handler));',
        '});',
      ]
    : [
        'export const agent = pool.compose(',
        '  (dispatch) => (request, handler) => dispatch(request, new Resending(request, handler)),',
        ');',
      ];
}
