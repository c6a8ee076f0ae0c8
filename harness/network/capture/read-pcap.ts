/**
 * Reads a pcap file of the loopback interface: per TCP segment what the account of the packets needs. Written for
 * what `tcpdump -i lo -w` leaves: Ethernet frames that hold IPv4 or IPv6, cut at a snap length that keeps the headers.
 *
 * Format: draft-ietf-opsawg-pcap; magic numbers for microseconds and nanoseconds, either byte order.
 */

export interface Segment {
  /** Wall-clock time, ns since 1970. */
  readonly wallNs: number;
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly syn: boolean;
  readonly ack: boolean;
  readonly fin: boolean;
  readonly rst: boolean;
  readonly payloadBytes: number;
}

const fileHeaderBytes = 24;
const recordHeaderBytes = 16;
const ethernet = 1;
const ethernetHeaderBytes = 14;
const etherTypes = { ipv4: 0x0800, ipv6: 0x86dd } as const;
const tcp = 6;
/** A frame of loopback is at most 64 KiB and its headers. */
const frameBytesMax = 262_144;

/** A record that is cut off at the end, as when tcpdump was killed, ends it. @throws RangeError when it is no pcap file of Ethernet frames. */
export function* readPcap(bytes: Buffer): Generator<Segment> {
  if (bytes.length < fileHeaderBytes) throw new RangeError('it ends within its header');
  const magic = bytes.readUInt32LE(0);
  const swapped = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1;
  const nanos = magic === 0xa1b23c4d || magic === 0x4d3cb2a1;
  if (!swapped && magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d) throw new RangeError('it is no pcap file');
  const u32 = (at: number) => (swapped ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  const linkType = u32(20) & 0xffff;
  if (linkType !== ethernet)
    throw new RangeError(`its link type is ${linkType}, wanted ${ethernet} (Ethernet)`);
  let at = fileHeaderBytes;
  while (at + recordHeaderBytes <= bytes.length) {
    const captured = u32(at + 8);
    const start = at + recordHeaderBytes;
    if (captured > frameBytesMax || start + captured > bytes.length) return;
    const wallNs = u32(at) * 1e9 + u32(at + 4) * (nanos ? 1 : 1e3);
    const segment = readFrame(bytes.subarray(start, start + captured), wallNs);
    if (segment !== null) yield segment;
    at = start + captured;
  }
}

/** null: no TCP, or too little of it. */
function readFrame(frame: Buffer, wallNs: number): Segment | null {
  if (frame.length < ethernetHeaderBytes + 20) return null;
  const packet = frame.subarray(ethernetHeaderBytes);
  switch (frame.readUInt16BE(12)) {
    case etherTypes.ipv4: {
      const headerBytes = (packet[0] & 0x0f) * 4;
      if (packet[9] !== tcp) return null;
      return readTcp(packet.subarray(headerBytes), packet.readUInt16BE(2) - headerBytes, wallNs);
    }
    case etherTypes.ipv6:
      if (packet.length < 40 || packet[6] !== tcp) return null;
      return readTcp(packet.subarray(40), packet.readUInt16BE(4), wallNs);
    default:
      return null;
  }
}

/** @param bytes Of the whole segment, header included, as the IP header tells; the capture may hold less. */
function readTcp(segment: Buffer, bytes: number, wallNs: number): Segment | null {
  if (segment.length < 20) return null;
  const flags = segment[13];
  return {
    wallNs,
    sourcePort: segment.readUInt16BE(0),
    targetPort: segment.readUInt16BE(2),
    syn: (flags & 0x02) !== 0,
    ack: (flags & 0x10) !== 0,
    fin: (flags & 0x01) !== 0,
    rst: (flags & 0x04) !== 0,
    payloadBytes: Math.max(0, bytes - (segment[12] >> 4) * 4),
  };
}
