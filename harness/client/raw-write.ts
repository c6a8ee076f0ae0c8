/**
 * Writes text to a TCP socket without the stream around it: the one call into libuv that `socket.write` makes in the
 * end, without its queue, its callbacks, and a tick for each write (`docs/performance.md` has what that costs).
 *
 * Node does not document what this calls. Where a part of it is missing, the text goes through the stream. So does text
 * for TLS, which takes one write at a time: Node aborts the process at a second one.
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { getSystemErrorName } from 'node:util';

interface WriteRequest {
  /** Called only for a write that the kernel did not take whole at once. */
  oncomplete(status: number, handle: unknown, error: unknown): void;
  socket: Socket;
}

/** As in Node's `lib/internal/stream_base_commons.js`. */
interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest;
  /** `streamBaseState[kLastWriteWasAsync]` is 1 when the last write goes on and holds its request. */
  readonly streamBaseState: Int32Array;
  readonly kLastWriteWasAsync: number;
}

const { WriteWrap, streamBaseState, kLastWriteWasAsync } = streamBinding();

function streamBinding(): Partial<StreamBinding> {
  try {
    return (process as { binding?(name: string): Partial<StreamBinding> }).binding?.('stream_wrap') ?? {};
  } catch {
    // The permission model refuses it.
    return {};
  }
}

let spare: WriteRequest | null = null;

export function writeText(socket: Socket, text: string): void {
  const handle = (socket as { _handle?: { writeLatin1String?(request: WriteRequest, text: string): number } })
    ._handle;
  // What the stream still holds must go first; while it connects, it holds everything.
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
