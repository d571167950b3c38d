/** One interface of a pcapng file, and its packets as a classic pcap, which tcpdump reads whatever the other interfaces are. */
export interface CapturedInterface {
  name: string;
  linkType: number;
  count: number;
  pcap: Buffer;
}

/** Takes a pcapng of little-endian blocks apart; throws on a block whose two lengths differ. */
export function splitPcapng(file: Buffer): CapturedInterface[] {
  const found: { name: string; linkType: number; count: number; pieces: Buffer[] }[] = [];
  for (let at = 0; at < file.length;) {
    const length = file.readUInt32LE(at + 4);
    if (length !== file.readUInt32LE(at + length - 4)) throw new Error(`a broken block at ${at}`);
    const body = file.subarray(at + 8, at + length - 4);
    const type = file.readUInt32LE(at);
    if (type === 1) {
      const linkType = body.readUInt16LE(0);
      found.push({ name: interfaceName(body.subarray(8)), linkType, count: 0, pieces: [header(linkType)] });
    } else if (type === 6) {
      const packets = found[body.readUInt32LE(0)];
      if (packets === undefined) throw new Error(`a packet of an unknown interface at ${at}`);
      packets.count += 1;
      packets.pieces.push(record(body));
    }
    at += length;
  }
  return found.map(({ pieces, ...rest }) => ({ ...rest, pcap: Buffer.concat(pieces) }));
}

function interfaceName(options: Buffer): string {
  for (let at = 0; at + 4 <= options.length;) {
    const length = options.readUInt16LE(at + 2);
    if (options.readUInt16LE(at) === 2) return options.toString("utf8", at + 4, at + 4 + length);
    at += 4 + Math.ceil(length / 4) * 4;
  }
  throw new Error("an interface without a name");
}

function header(linkType: number): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(0xa1b23c4d, 0);
  bytes.writeUInt32LE(0x0004_0002, 4);
  bytes.writeUInt32LE(262_144, 16);
  bytes.writeUInt32LE(linkType, 20);
  return bytes;
}

function record(body: Buffer): Buffer {
  const ns = (BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8));
  const captured = body.readUInt32LE(12);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(Number(ns / 1_000_000_000n), 0);
  head.writeUInt32LE(Number(ns % 1_000_000_000n), 4);
  head.writeUInt32LE(captured, 8);
  head.writeUInt32LE(body.readUInt32LE(16), 12);
  return Buffer.concat([head, body.subarray(20, 20 + captured)]);
}
