/**
 * Reads one HTTP/1.1 response after another from the bytes of a connection, as they come.
 *
 * It keeps what a client needs to go on: the status, where the response ends, whether the
 * connection may be used again, the server's `Keep-Alive` hint. Bodies are counted, never kept, so
 * memory is bounded by the header limit whatever length a server declares. It is strict where
 * leniency would misread a message: RFC 9112 §5.1 (no space before the colon, no folding), §6.3
 * (one unambiguous length), §7.1 (chunk sizes).
 */

import { HeadMemo } from './head-memo.ts';
import { type ResponseHead, readHead } from './response-head.ts';

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
  readonly #memo: HeadMemo;

  /** @param memo Shared by connections to one server, whose heads are mostly alike. */
  constructor(memo: HeadMemo = new HeadMemo()) {
    this.#memo = memo;
  }

  /** @param head The request was a HEAD: its response has no body whatever the headers say. */
  begin(head: boolean): void {
    this.#phase = inHead;
    this.#bodyless = head;
    this.#held = null;
    this.bodyBytes = 0;
    this.surplusBytes = 0;
    this.hintSeconds = null;
  }

  /** @param end The bytes of the read; the rest of `chunk` is ignored. */
  push(chunk: Buffer, end = chunk.length): ParseState {
    let at = 0;
    // Every turn consumes bytes, changes phase or returns.
    for (;;) {
      switch (this.#phase) {
        case inHead: {
          if (this.#held === null) {
            const known = this.#memo.match(chunk, at, end);
            if (known !== null) {
              at += this.#memo.byteLength;
              this.#enter(known);
              if (this.#hasEmptyBody()) return this.#finish(end - at);
              break;
            }
          }
          const bytes = this.#joined(chunk, at, end);
          if (!startsLikeHttp(bytes)) return this.#fail('the status line is not HTTP/1.1');
          const headEnd = bytes.indexOf('\r\n\r\n');
          if (headEnd === -1) return this.#hold(bytes, headerBytesMax, 'the headers are longer than 64 KiB');
          const consumed = headEnd + 4 - (bytes.length - (end - at));
          if (headEnd > headerBytesMax) return this.#fail('the headers are longer than 64 KiB');
          this.#held = null;
          at += consumed;
          const head = readHead(bytes.toString('latin1', 0, headEnd));
          if (typeof head === 'string') return this.#fail(head);
          this.#memo.keep(bytes, headEnd + 4, head);
          this.#enter(head);
          if (this.#hasEmptyBody()) return this.#finish(end - at);
          break;
        }
        case inBody:
        case inChunkData: {
          const taken = Math.min(this.#left, end - at);
          this.#left -= taken;
          this.bodyBytes += taken;
          at += taken;
          if (this.#left > 0) return 'more';
          if (this.#phase === inBody) return this.#finish(end - at);
          this.#phase = afterChunkData;
          break;
        }
        case untilClose:
          this.bodyBytes += end - at;
          return 'more';
        default: {
          const bytes = this.#joined(chunk, at, end);
          const lineEnd = bytes.indexOf('\r\n');
          if (lineEnd === -1) return this.#hold(bytes, chunkLineBytesMax, 'a chunk line is too long');
          const consumed = lineEnd + 2 - (bytes.length - (end - at));
          this.#held = null;
          at += consumed;
          const state = this.#readChunkLine(bytes.toString('latin1', 0, lineEnd));
          if (state === 'done') return this.#finish(end - at);
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

  #joined(chunk: Buffer, at: number, end: number): Buffer {
    const rest = chunk.subarray(at, end);
    return this.#held === null ? rest : Buffer.concat([this.#held, rest]);
  }

  #hold(bytes: Buffer, bytesMax: number, problem: string): ParseState {
    if (bytes.length > bytesMax) return this.#fail(problem);
    // A read's buffer may be reused by whoever gave it: keep a copy.
    this.#held = Buffer.from(bytes);
    return 'more';
  }

  #finish(surplusBytes: number): ParseState {
    this.surplusBytes = surplusBytes;
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

  /** Sets what follows a head; an interim response (1xx) is followed by another head. */
  #enter(head: ResponseHead): void {
    this.status = head.status;
    if (head.status < 200) return;
    this.hintSeconds = head.hintSeconds;
    this.keepAlive = head.keepAlive;
    this.#left = 0;
    if (this.#bodyless || head.status === 204 || head.status === 304) {
      this.#phase = inBody;
    } else if (head.chunked) {
      this.#phase = inChunkSize;
    } else if (head.contentLength === null) {
      this.#phase = untilClose;
      this.keepAlive = false;
    } else {
      this.#left = head.contentLength;
      this.#phase = inBody;
    }
  }
}

/** Told by the first bytes, so that other protocols need not end a line, or speak on, to be found out. */
function startsLikeHttp(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, httpStart.length);
  return bytes.compare(httpStart, 0, length, 0, length) === 0;
}

const httpStart = Buffer.from('HTTP/1.');
