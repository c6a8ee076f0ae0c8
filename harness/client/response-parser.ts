/**
 * Reads one HTTP/1.1 response after another from the bytes of a connection, as they come.
 *
 * It keeps what a client needs to go on: the status, where the response ends, whether the
 * connection may be used again, the server's `Keep-Alive` hint. Bodies are counted, never kept, so
 * memory is bounded by the header limit whatever length a server declares. It is strict where
 * leniency would misread a message: RFC 9112 §5.1 (no space before the colon, no folding), §6.3
 * (one unambiguous length), §7.1 (chunk sizes).
 */

export type ParseState = 'more' | 'done' | 'error';

const headerBytesMax = 65_536;
const chunkLineBytesMax = 1_024;

// Where in a response the next byte belongs.
const inHead = 0;
const inBody = 1; // a known number of bytes to go
const inChunkSize = 2;
const inChunkData = 3;
const afterChunkData = 4;
const inTrailers = 5;
const untilClose = 6;

export class ResponseParser {
  /** Of the response that `push` said is done. */
  status = 0;
  bodyBytes = 0;
  /** May carry another request: persistent by RFC 9112 §9.3, and its end was marked. */
  keepAlive = false;
  /** `Keep-Alive: timeout=`, seconds; null without one. */
  hintSeconds: number | null = null;
  /** Bytes that followed the response within the same read: nobody asked for them (RFC 9112 §9.2). */
  surplusBytes = 0;
  /** Why `push` said error. */
  problem = '';

  #phase: number = inHead;
  #bodyless = false;
  #left = 0;
  /** Bytes of a head, chunk size line or trailer that a read cut in two. */
  #held: Buffer | null = null;

  /** @param head The request was a HEAD: its response has no body whatever the headers say. */
  begin(head: boolean): void {
    this.#phase = inHead;
    this.#bodyless = head;
    this.#held = null;
    this.bodyBytes = 0;
    this.surplusBytes = 0;
    this.hintSeconds = null;
  }

  push(chunk: Buffer): ParseState {
    let at = 0;
    // Every turn consumes bytes, changes phase or returns.
    for (;;) {
      switch (this.#phase) {
        case inHead: {
          const bytes = this.#joined(chunk, at);
          if (!startsLikeHttp(bytes)) return this.#fail('the status line is not HTTP/1.1');
          const end = bytes.indexOf('\r\n\r\n');
          if (end === -1) return this.#hold(bytes, headerBytesMax, 'the headers are longer than 64 KiB');
          const consumed = end + 4 - (bytes.length - (chunk.length - at));
          if (end > headerBytesMax) return this.#fail('the headers are longer than 64 KiB');
          this.#held = null;
          at += consumed;
          const problem = this.#readHead(bytes.toString('latin1', 0, end));
          if (problem !== '') return this.#fail(problem);
          if (this.#hasEmptyBody()) return this.#finish(chunk, at);
          break;
        }
        case inBody:
        case inChunkData: {
          const taken = Math.min(this.#left, chunk.length - at);
          this.#left -= taken;
          this.bodyBytes += taken;
          at += taken;
          if (this.#left > 0) return 'more';
          if (this.#phase === inBody) return this.#finish(chunk, at);
          this.#phase = afterChunkData;
          break;
        }
        case untilClose:
          this.bodyBytes += chunk.length - at;
          return 'more';
        default: {
          const bytes = this.#joined(chunk, at);
          const end = bytes.indexOf('\r\n');
          if (end === -1) return this.#hold(bytes, chunkLineBytesMax, 'a chunk line is too long');
          const consumed = end + 2 - (bytes.length - (chunk.length - at));
          this.#held = null;
          at += consumed;
          const state = this.#readChunkLine(bytes.toString('latin1', 0, end));
          if (state === 'done') return this.#finish(chunk, at);
          if (state === 'error') return 'error';
        }
      }
    }
  }

  /** The server has closed: is the response complete by that (RFC 9112 §6.3, rule 8)? */
  closeEndsResponse(): boolean {
    return this.#phase === untilClose;
  }

  #hasEmptyBody(): boolean {
    return this.#phase === inBody && this.#left === 0;
  }

  #joined(chunk: Buffer, at: number): Buffer {
    const rest = at === 0 ? chunk : chunk.subarray(at);
    return this.#held === null ? rest : Buffer.concat([this.#held, rest]);
  }

  #hold(bytes: Buffer, bytesMax: number, problem: string): ParseState {
    if (bytes.length > bytesMax) return this.#fail(problem);
    // A read's buffer may be reused by whoever gave it: keep a copy.
    this.#held = Buffer.from(bytes);
    return 'more';
  }

  #finish(chunk: Buffer, at: number): ParseState {
    this.surplusBytes = chunk.length - at;
    this.#phase = inHead;
    return 'done';
  }

  #fail(problem: string): ParseState {
    this.problem = problem;
    return 'error';
  }

  #readChunkLine(line: string): ParseState {
    switch (this.#phase) {
      case inChunkSize: {
        const size = /^([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?$/.exec(line);
        if (size === null) return this.#fail('a chunk size is not a number');
        this.#left = Number.parseInt(size[1], 16);
        this.#phase = this.#left === 0 ? inTrailers : inChunkData;
        return 'more';
      }
      case afterChunkData:
        if (line !== '') return this.#fail('a chunk is longer than it says');
        this.#phase = inChunkSize;
        return 'more';
      default:
        return line === '' ? 'done' : 'more';
    }
  }

  /** Returns the problem, or '' and leaves the phase set for what follows. */
  #readHead(head: string): string {
    const lineEnd = head.indexOf('\r\n');
    const statusLine = lineEnd === -1 ? head : head.slice(0, lineEnd);
    const parts = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(statusLine);
    if (parts === null) return 'the status line is not HTTP/1.1';
    this.status = Number(parts[2]);
    const fields = readFields(head, lineEnd === -1 ? head.length : lineEnd + 2);
    if (fields.problem !== '') return fields.problem;
    if (this.status < 200) {
      return this.status === 101 || this.status < 100 ? `status ${this.status} was not asked for` : '';
    }
    const persistent = parts[1] === '1' ? !fields.close : fields.keepAlive && !fields.close;
    this.hintSeconds = fields.hintSeconds;
    this.keepAlive = persistent;
    if (this.#bodyless || this.status === 204 || this.status === 304) {
      this.#left = 0;
      this.#phase = inBody;
    } else if (fields.transferEncoding !== null) {
      if (fields.contentLength !== null) return 'both Transfer-Encoding and Content-Length';
      this.#enterCoded(fields.transferEncoding);
    } else if (fields.contentLength === null) {
      this.#enterUntilClose();
    } else {
      this.#left = fields.contentLength;
      this.#phase = inBody;
    }
    return '';
  }

  #enterCoded(transferEncoding: string): void {
    if (/(^|,)[ \t]*chunked[ \t]*$/i.test(transferEncoding)) this.#phase = inChunkSize;
    else this.#enterUntilClose();
  }

  #enterUntilClose(): void {
    this.#phase = untilClose;
    this.keepAlive = false;
  }
}

/** Told by the first bytes, so that other protocols need not end a line, or speak on, to be found out. */
function startsLikeHttp(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, httpStart.length);
  return bytes.compare(httpStart, 0, length, 0, length) === 0;
}

const httpStart = Buffer.from('HTTP/1.');

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
