import type { Packet } from "./pcap.ts";

/** Blocks and options of pcapng (draft-ietf-opsawg-pcapng), little-endian. */
const Block = { section: 0x0a0d0d0a, interface: 1, interfaceStatistics: 5, enhancedPacket: 6 } as const;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const Option = {
  end: 0,
  comment: 1,
  sectionUserApplication: 4,
  interfaceName: 2,
  interfaceResolution: 9,
} as const;
/** Nanoseconds: a negative power of ten. */
const RESOLUTION = 9;

export interface CaptureInterface {
  readonly name: string;
  readonly linkType: number;
  readonly snapLength: number;
}

/** The block that begins a pcapng file. */
export function sectionHeader(application: string): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, 1, true);
  // The length of the section is not known while it is written.
  view.setBigInt64(8, -1n, true);
  return block(Block.section, [body, ...options([[Option.sectionUserApplication, text(application)]])]);
}

/** Describes an interface; packets name it by its place among these blocks, from 0. */
export function interfaceDescription({ name, linkType, snapLength }: CaptureInterface): Uint8Array {
  const body = new Uint8Array(8);
  const view = new DataView(body.buffer);
  view.setUint16(0, linkType, true);
  view.setUint32(4, snapLength, true);
  return block(Block.interface, [
    body,
    ...options([
      [Option.interfaceName, text(name)],
      [Option.interfaceResolution, new Uint8Array([RESOLUTION])],
    ]),
  ]);
}

/** One packet of the interface with that place; comments are shown with it. */
export function enhancedPacket(
  place: number,
  { timeNs, length, data }: Packet,
  comments: readonly string[] = [],
): Uint8Array {
  const body = new Uint8Array(20);
  const view = new DataView(body.buffer);
  view.setUint32(0, place, true);
  view.setUint32(4, Number(timeNs >> 32n), true);
  view.setUint32(8, Number(timeNs & 0xffff_ffffn), true);
  view.setUint32(12, data.length, true);
  view.setUint32(16, length, true);
  return block(Block.enhancedPacket, [body, padded(data), ...commentOptions(comments)]);
}

/** What is said of an interface beside its packets: comments that no packet came after. */
export function interfaceStatistics(place: number, timeNs: bigint, comments: readonly string[]): Uint8Array {
  const body = new Uint8Array(12);
  const view = new DataView(body.buffer);
  view.setUint32(0, place, true);
  view.setUint32(4, Number(timeNs >> 32n), true);
  view.setUint32(8, Number(timeNs & 0xffff_ffffn), true);
  return block(Block.interfaceStatistics, [body, ...commentOptions(comments)]);
}

function commentOptions(comments: readonly string[]): Uint8Array[] {
  return comments.length === 0
    ? []
    : options(comments.map((comment) => [Option.comment, text(comment)] as const));
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  view.setUint32(at, length, true);
  return bytes;
}

function options(given: readonly (readonly [code: number, value: Uint8Array])[]): Uint8Array[] {
  const end: readonly [number, Uint8Array] = [Option.end, new Uint8Array(0)];
  return [...given, end].flatMap(([code, value]) => {
    const head = new Uint8Array(4);
    const view = new DataView(head.buffer);
    view.setUint16(0, code, true);
    view.setUint16(2, value.length, true);
    return [head, padded(value)];
  });
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return whole;
}

/** UTF-8; the core has no TextEncoder. */
function text(value: string): Uint8Array {
  const bytes = encodeURIComponent(value).match(/%[0-9A-F]{2}|./g) ?? [];
  return new Uint8Array(
    bytes.map((one) => (one.length === 3 ? parseInt(one.slice(1), 16) : one.charCodeAt(0))),
  );
}
