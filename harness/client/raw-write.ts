/**
 * Writes text to a TCP socket by the one call into libuv that `socket.write` makes, without the stream's queue, its
 * callbacks, and a tick for each write (`docs/performance.md` states what these cost).
 *
 * Node does not document the functions that this calls. If one is missing, the text goes through the stream. Text for TLS
 * always does: TLS accepts one write at a time, and a second one aborts the process.
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { getSystemErrorName } from 'node:util';

interface WriteRequest {
  /** Called only if the kernel did not accept the whole write immediately. */
  oncomplete(status: number, handle: unknown, error: unknown): void;
  socket: Socket;
}

/** As in Node's `lib/internal/stream_base_commons.js`. */
interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest;
  /** `streamBaseState[kLastWriteWasAsync]` is 1 if the last write is still pending and uses its request object. */
  readonly streamBaseState: Int32Array;
  readonly kLastWriteWasAsync: number;
}

const { WriteWrap, streamBaseState, kLastWriteWasAsync } = streamBinding();

function streamBinding(): Partial<StreamBinding> {
  try {
    return (process as { binding?(name: string): Partial<StreamBinding> }).binding?.('stream_wrap') ?? {};
  } catch {
    // Node's permission model refuses it.
    return {};
  }
}

let spare: WriteRequest | null = null;

export function writeText(socket: Socket, text: string): void {
  const handle = (socket as { _handle?: { writeLatin1String?(request: WriteRequest, text: string): number } })
    ._handle;
  // Data in the stream's queue must go first. While the socket connects, all data is in that queue.
  const direct =
    socket.writableLength === 0 && !socket.connecting && !socket.destroyed && !(socket instanceof TLSSocket);
  if (
    !direct ||
    !handle?.writeLatin1String ||
    WriteWrap === undefined ||
    streamBaseState === undefined ||
    kLastWriteWasAsync === undefined
  ) {
    socket.write(text, 'latin1');
    return;
  }
  const request = spare ?? new WriteWrap();
  request.socket = socket;
  request.oncomplete = onComplete;
  const status = handle.writeLatin1String(request, text);
  spare = streamBaseState[kLastWriteWasAsync] === 0 ? request : null;
  fail(socket, status);
}

function onComplete(this: WriteRequest, status: number): void {
  fail(this.socket, status);
}

/** Ends the socket as a failed `socket.write` does. */
function fail(socket: Socket, status: number): void {
  if (status >= 0) return;
  const code = getSystemErrorName(status);
  socket.destroy(Object.assign(new Error(`write ${code}`), { code, errno: status, syscall: 'write' }));
}
