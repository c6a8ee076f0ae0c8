/**
 * The bytes of a request. Head and body of one request go out in one write, so that a server reads
 * them at once; what does not change between requests of a template is put together once.
 */
import type { Socket } from 'node:net';
import type { LoadPlan, RequestTemplate } from '../contract/load-plan.ts';
import type { Policy } from '../contract/policy.ts';
import { writeText } from './raw-write.ts';

/** Headers that the harness sets itself; a template's own are left out. */
const ownHeaders = new Set([
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'x-request-id',
  'idempotency-key',
]);

/** A template's headers without those that the harness sets. */
export function templateHeaders({ headers }: RequestTemplate): [string, string][] {
  return Object.entries(headers).filter(([name]) => !ownHeaders.has(name.toLowerCase()));
}

export function hasBody({ method }: RequestTemplate, bytes: number): boolean {
  return bytes > 0 || !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method);
}

/** Bodies up to this are one string with the head. */
const singleWriteBytesMax = 65_536;
const bodyBlock = Buffer.alloc(singleWriteBytesMax, 'x');

export class RequestBytes {
  /** For each template, the text before the number of the request. */
  readonly #starts: readonly string[];
  /** For each template, whether an empty body has a length, too. */
  readonly #alwaysBody: readonly boolean[];
  readonly #plan: LoadPlan;
  readonly #policy: Policy;
  readonly #bodies = new Map<number, string>();
  /** Keys of two trials must differ, or a server that remembers keys would answer the wrong one. */
  readonly #keyPrefix: string;

  constructor(plan: LoadPlan, policy: Policy, authority: string, keyPrefix: string) {
    this.#plan = plan;
    this.#policy = policy;
    this.#keyPrefix = keyPrefix;
    this.#starts = plan.templates.map((template) => {
      const { method, path } = template;
      const lines = templateHeaders(template)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('');
      return `${method} ${path} HTTP/1.1\r\nhost: ${authority}\r\n${lines}x-request-id: `;
    });
    this.#alwaysBody = plan.templates.map((template) => hasBody(template, 0));
  }

  method(request: number): string {
    return this.#plan.templates[this.#plan.template[request]].method;
  }

  /**
   * Writes request `request` of the plan; `last` announces that the connection will not be used again.
   * @returns Its bytes.
   */
  write(socket: Socket, request: number, last: boolean): number {
    const template = this.#plan.template[request];
    const bytes = this.#plan.bodyBytes[request];
    let head = this.#starts[template] + request;
    if (last) head += '\r\nconnection: close';
    if (this.#policy.retry.idempotencyKey) head += `\r\nidempotency-key: "${this.#keyPrefix}-${request}"`;
    if (bytes > 0 || this.#alwaysBody[template]) head += `\r\ncontent-length: ${bytes}`;
    head += '\r\n\r\n';
    if (bytes <= singleWriteBytesMax) {
      writeText(socket, bytes === 0 ? head : head + this.#body(bytes));
      return head.length + bytes;
    }
    socket.cork();
    socket.write(head, 'latin1');
    for (let left = bytes; left > 0; left -= singleWriteBytesMax) {
      socket.write(left >= singleWriteBytesMax ? bodyBlock : bodyBlock.subarray(0, left));
    }
    socket.uncork();
    return head.length + bytes;
  }

  #body(bytes: number): string {
    let body = this.#bodies.get(bytes);
    if (body === undefined) {
      body = 'x'.repeat(bytes);
      // Drawn sizes can be many: keep some, make the others each time.
      if (this.#bodies.size < 256) this.#bodies.set(bytes, body);
    }
    return body;
  }
}
