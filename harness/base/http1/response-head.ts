/**
 * What the head of a response means for the connection: status, framing, persistence, idle hint.
 *
 * Only the few fields that matter are read; the others are checked for their form. Strict where
 * leniency would misread a message: RFC 9112 §5.1 (no space before the colon, no folding), §6.3 (one
 * unambiguous length).
 */

export interface ResponseHead {
  readonly status: number;
  /** Persistent by RFC 9112 §9.3, as far as the headers tell. */
  readonly keepAlive: boolean;
  /** `Keep-Alive: timeout=`, seconds; null without one. */
  readonly hintSeconds: number | null;
  /** The body comes in chunks. */
  readonly chunked: boolean;
  /** null: neither chunked nor of a stated length, so the server's close ends it (RFC 9112 §6.3, rule 8). */
  readonly contentLength: number | null;
}

/**
 * @param text Status line and header lines, without the empty line that ends them.
 * @returns The problem, for people, where it cannot be read.
 */
export function readHead(text: string): ResponseHead | string {
  const found = text.indexOf('\r\n');
  const lineEnd = found === -1 ? text.length : found;
  const parts = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(text.slice(0, lineEnd));
  if (parts === null) return 'the status line is not HTTP/1.1';
  const status = Number(parts[2]);
  const fields = readFields(text, lineEnd + 2);
  if (fields.problem !== '') return fields.problem;
  if (status < 100 || status === 101) return `status ${status} was not asked for`;
  const { transferEncoding, contentLength, hintSeconds, close } = fields;
  if (transferEncoding !== null && contentLength !== null) return 'both Transfer-Encoding and Content-Length';
  return {
    status,
    keepAlive: !close && (parts[1] === '1' || fields.keepAlive),
    hintSeconds,
    chunked: transferEncoding !== null && /(^|,)[ \t]*chunked[ \t]*$/i.test(transferEncoding),
    contentLength,
  };
}

interface Fields {
  contentLength: number | null;
  transferEncoding: string | null;
  close: boolean;
  keepAlive: boolean;
  hintSeconds: number | null;
  problem: string;
}

/** The few fields that matter; the others are only checked for their form. */
function readFields(head: string, from: number): Fields {
  const fields: Fields = {
    contentLength: null,
    transferEncoding: null,
    close: false,
    keepAlive: false,
    hintSeconds: null,
    problem: '',
  };
  for (let start = from; start < head.length; ) {
    const found = head.indexOf('\r\n', start);
    const end = found === -1 ? head.length : found;
    const colon = head.indexOf(':', start);
    if (
      colon <= start ||
      colon > end ||
      isSpace(head.charCodeAt(colon - 1)) ||
      isSpace(head.charCodeAt(start))
    ) {
      fields.problem = 'a header line is malformed';
      return fields;
    }
    readField(fields, head, start, colon, end);
    if (fields.problem !== '') return fields;
    start = end + 2;
  }
  return fields;
}

function readField(fields: Fields, head: string, start: number, colon: number, end: number): void {
  // The lengths of the four names of interest; others need no copy of their name.
  const length = colon - start;
  if (length !== 10 && length !== 14 && length !== 17) return;
  const value = () => head.slice(colon + 1, end).trim();
  switch (head.slice(start, colon).toLowerCase()) {
    case 'content-length':
      readLength(fields, value());
      break;
    case 'transfer-encoding':
      fields.transferEncoding =
        fields.transferEncoding === null ? value() : `${fields.transferEncoding}, ${value()}`;
      break;
    case 'connection':
      for (const option of value().toLowerCase().split(',')) {
        if (option.trim() === 'close') fields.close = true;
        if (option.trim() === 'keep-alive') fields.keepAlive = true;
      }
      break;
    case 'keep-alive': {
      const seconds = /(?:^|[,;\s])timeout\s*=\s*"?(\d{1,9})/i.exec(value());
      if (seconds !== null) fields.hintSeconds = Number(seconds[1]);
    }
  }
}

/** A list of equal numbers counts as one (RFC 9110 §8.6); anything else has no meaning. */
function readLength(fields: Fields, text: string): void {
  for (const part of text.split(',')) {
    const digits = part.trim();
    const length = /^\d{1,15}$/.test(digits) ? Number(digits) : null;
    if (length === null || (fields.contentLength !== null && fields.contentLength !== length)) {
      fields.problem = 'Content-Length is not one number';
      return;
    }
    fields.contentLength = length;
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
