/** One packet of a capture. */
export interface Packet {
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint;
  /** Length on the wire; the data may be shorter. */
  readonly length: number;
  readonly data: Uint8Array;
}

/** LINKTYPE_ values of https://www.tcpdump.org/linktypes.html that mhlab meets. */
export const LinkType = { ethernet: 1, raw: 101, cooked2: 276 } as const;

export interface PcapEvents {
  /** Comes once, before the first packet. */
  onHeader(header: { readonly linkType: number; readonly snapLength: number }): void;
  onPacket(packet: Packet): void;
}

const HEADER_BYTES = 24;
const RECORD_BYTES = 16;
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
/** Beyond any packet that a capture may hold; a larger record means that the stream is broken. */
const MAX_RECORD = 16 * 1024 * 1024;

/** Reads a pcap file as its pieces come (draft-ietf-opsawg-pcap). The function returned throws on what is no pcap. */
export function readPcap(events: PcapEvents): (piece: Uint8Array) => void {
  let rest: Uint8Array = new Uint8Array(0);
  let format: { littleEndian: boolean; nsPerUnit: bigint } | undefined;
  return (piece) => {
    rest = rest.length === 0 ? piece : joined(rest, piece);
    let at = 0;
    const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
    if (format === undefined) {
      if (rest.length < HEADER_BYTES) return;
      format = formatOf(view);
      const { littleEndian } = format;
      events.onHeader({
        snapLength: view.getUint32(16, littleEndian),
        linkType: view.getUint32(20, littleEndian) & 0xffff,
      });
      at = HEADER_BYTES;
    }
    const { littleEndian, nsPerUnit } = format;
    while (rest.length - at >= RECORD_BYTES) {
      const captured = view.getUint32(at + 8, littleEndian);
      if (captured > MAX_RECORD) throw new RangeError(`a packet of ${captured} bytes`);
      if (rest.length - at < RECORD_BYTES + captured) break;
      const seconds = BigInt(view.getUint32(at, littleEndian));
      const units = BigInt(view.getUint32(at + 4, littleEndian));
      events.onPacket({
        timeNs: seconds * 1_000_000_000n + units * nsPerUnit,
        length: view.getUint32(at + 12, littleEndian),
        data: new Uint8Array(rest.subarray(at + RECORD_BYTES, at + RECORD_BYTES + captured)),
      });
      at += RECORD_BYTES + captured;
    }
    rest = rest.subarray(at);
  };
}

function formatOf(view: DataView): { littleEndian: boolean; nsPerUnit: bigint } {
  for (const littleEndian of [true, false]) {
    const magic = view.getUint32(0, littleEndian);
    if (magic === MICROSECONDS) return { littleEndian, nsPerUnit: 1000n };
    if (magic === NANOSECONDS) return { littleEndian, nsPerUnit: 1n };
  }
  throw new RangeError("no pcap header");
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
