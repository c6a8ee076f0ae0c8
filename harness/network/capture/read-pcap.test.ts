import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPcap } from './read-pcap.ts';

interface Frame {
  readonly seconds: number;
  readonly fraction: number;
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly flags: number;
  readonly payloadBytes: number;
  readonly ipv6?: boolean;
  readonly protocol?: number;
}

const tcpHeaderBytes = 32;
/** Bytes of a frame that the capture keeps. */
const snapBytes = 100;

function frameBytes(frame: Frame): Buffer {
  const ip = frame.ipv6 ? Buffer.alloc(40) : Buffer.alloc(20);
  const segmentBytes = tcpHeaderBytes + frame.payloadBytes;
  if (frame.ipv6) {
    ip[0] = 0x60;
    ip.writeUInt16BE(segmentBytes, 4);
    ip[6] = frame.protocol ?? 6;
  } else {
    ip[0] = 0x45;
    ip.writeUInt16BE(20 + segmentBytes, 2);
    ip[9] = frame.protocol ?? 6;
  }
  const tcp = Buffer.alloc(segmentBytes);
  tcp.writeUInt16BE(frame.sourcePort, 0);
  tcp.writeUInt16BE(frame.targetPort, 2);
  tcp[12] = (tcpHeaderBytes / 4) << 4;
  tcp[13] = frame.flags;
  const ethernet = Buffer.alloc(14);
  ethernet.writeUInt16BE(frame.ipv6 ? 0x86dd : 0x0800, 12);
  return Buffer.concat([ethernet, ip, tcp]);
}

function pcap(frames: readonly Frame[], { nanos = true, swapped = false, linkType = 1 } = {}): Buffer {
  const u32 = (value: number) => {
    const four = Buffer.alloc(4);
    if (swapped) four.writeUInt32BE(value);
    else four.writeUInt32LE(value);
    return four;
  };
  const head = Buffer.concat([
    u32(nanos ? 0xa1b23c4d : 0xa1b2c3d4),
    Buffer.alloc(12),
    u32(snapBytes),
    u32(linkType),
  ]);
  const records = frames.map((frame) => {
    const whole = frameBytes(frame);
    const kept = whole.subarray(0, snapBytes);
    return Buffer.concat([
      u32(frame.seconds),
      u32(frame.fraction),
      u32(kept.length),
      u32(whole.length),
      kept,
    ]);
  });
  return Buffer.concat([head, ...records]);
}

const frame: Frame = {
  seconds: 7,
  fraction: 5,
  sourcePort: 80,
  targetPort: 4_000,
  flags: 0x11,
  payloadBytes: 900,
};

test.each([
  ['nanoseconds', {}, 7e9 + 5],
  ['microseconds', { nanos: false }, 7e9 + 5_000],
  ['the other byte order', { swapped: true }, 7e9 + 5],
])(
  'readPcap() reads ports, flags, time and the payload that the snap length cut off: %s',
  (_, format, wallNs) => {
    expect([...readPcap(pcap([frame], format))]).toEqual([
      {
        wallNs,
        sourcePort: 80,
        targetPort: 4_000,
        syn: false,
        ack: true,
        fin: true,
        rst: false,
        payloadBytes: 900,
      },
    ]);
  },
);

test('readPcap() reads IPv6, and passes over what is not TCP', () => {
  const frames = [
    { ...frame, ipv6: true },
    { ...frame, protocol: 17 },
    { ...frame, ipv6: true, protocol: 17 },
  ];
  expect([...readPcap(pcap(frames))].map(({ payloadBytes }) => payloadBytes)).toEqual([900]);
});

test('readPcap() of a file that was cut off gives what is whole', () => {
  const whole = pcap([frame, frame, frame]);
  const counts = Array.from(
    { length: whole.length - 24 },
    (_, cut) => [...readPcap(whole.subarray(0, 24 + cut))].length,
  );
  expect(new Set(counts)).toEqual(new Set([0, 1, 2]));
});

test.each([
  ['nothing', Buffer.alloc(0), 'it ends within its header'],
  ['something else', Buffer.alloc(100, 'x'), 'it is no pcap file'],
  ['another link type', pcap([], { linkType: 113 }), 'its link type is 113, wanted 1 (Ethernet)'],
])('readPcap() refuses %s', (_, bytes, says) => {
  expect(() => [...readPcap(bytes)]).toThrow(says);
});

test('readPcap() of any bytes after a header ends, and never reads outside of them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (tail) => {
      for (const { payloadBytes } of readPcap(Buffer.concat([pcap([]), tail]))) {
        expect(payloadBytes).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
