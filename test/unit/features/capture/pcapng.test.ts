import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { PcapngMerger } from "../../../../src/features/capture/merge.ts";
import { readPcap, type Packet } from "../../../../src/features/capture/pcap.ts";

/** A pcap of the given packets, as tcpdump writes it. */
function pcap(
  linkType: number,
  packets: readonly { seconds: number; fraction: number; data: Buffer; length?: number }[],
  { littleEndian = true, nano = true } = {},
): Buffer {
  const u32 = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, index) =>
      littleEndian ? bytes.writeUInt32LE(value, index * 4) : bytes.writeUInt32BE(value, index * 4),
    );
    return bytes;
  };
  const versions = littleEndian ? u32(0x0004_0002) : u32(0x0002_0004);
  return Buffer.concat([
    u32(nano ? 0xa1b23c4d : 0xa1b2c3d4),
    versions,
    u32(0, 0, 262_144, linkType),
    ...packets.flatMap(({ seconds, fraction, data, length = data.length }) => [
      u32(seconds, fraction, data.length, length),
      data,
    ]),
  ]);
}

const read = (bytes: Buffer, pieceBytes: number): Packet[] => {
  const packets: Packet[] = [];
  const push = readPcap({ onHeader: () => {}, onPacket: (packet) => packets.push(packet) });
  for (let at = 0; at < bytes.length; at += pieceBytes) push(bytes.subarray(at, at + pieceBytes));
  return packets;
};

test.each([
  ["little-endian, nanoseconds", true, true],
  ["big-endian, nanoseconds", false, true],
  ["little-endian, microseconds", true, false],
])("pcap is read however it is cut: %s", (_, littleEndian, nano) => {
  const data = Buffer.from("a packet of 23 bytes…");
  const bytes = pcap(
    1,
    [
      { seconds: 1_764_000_000, fraction: 42, data, length: 1500 },
      { seconds: 1, fraction: 2, data },
    ],
    {
      littleEndian,
      nano,
    },
  );
  for (const pieceBytes of [1, 7, 24, 1000]) {
    const [first, second, ...others] = read(bytes, pieceBytes);
    expect(others).toEqual([]);
    expect(first).toEqual({
      timeNs: 1_764_000_000_000_000_000n + (nano ? 42n : 42_000n),
      length: 1500,
      data: new Uint8Array(data),
    });
    expect(second?.length).toBe(data.length);
  }
});

test("what is no pcap, or a broken one, is refused, and an unfinished packet waits", () => {
  expect(() => read(Buffer.from("tcpdump: no such device, sorry"), 100)).toThrow("no pcap header");
  const bytes = pcap(1, [{ seconds: 1, fraction: 2, data: Buffer.alloc(60) }]);
  expect(read(bytes.subarray(0, -1), 1000)).toEqual([]);
  bytes.writeUInt32LE(0x7fff_ffff, 32);
  expect(() => read(bytes, 1000)).toThrow("2147483647 bytes");
});

/** An ICMPv6 echo request from fe80::1 to ff02::1, without a link's header. */
const ECHO = Buffer.from(
  "60000000000c3aff" +
    "fe80000000000000" +
    "0000000000000001" +
    "ff02000000000000" +
    "0000000000000001" +
    "8000b2ce00070001" +
    "00000000",
  "hex",
);
const ETHERNET = Buffer.concat([Buffer.from("33330000000102000000000186dd", "hex"), ECHO]);

function merged(take: (merger: PcapngMerger) => void): { bytes: Buffer; counts: Record<string, number> } {
  const pieces: Uint8Array[] = [];
  const merger = new PcapngMerger("mhlab 1.0 – test", (bytes) => void pieces.push(bytes));
  take(merger);
  return { bytes: Buffer.concat(pieces), counts: Object.fromEntries(merger.counts) };
}

test("two interfaces become one pcapng with both names, and a capture that begins anew goes on", () => {
  const { bytes, counts } = merged((merger) => {
    const tunnel = pcap(101, [{ seconds: 1_764_000_000, fraction: 5, data: ECHO }]);
    merger.take("wg-alpha")(tunnel);
    merger.take("sub0")(pcap(1, [{ seconds: 1_764_000_000, fraction: 6, data: ETHERNET, length: 99 }]));
    merger.take("wg-alpha")(tunnel);
  });
  expect(counts).toEqual({ "wg-alpha": 2, sub0: 1 });
  expect(
    bytes
      .toString("hex")
      .replaceAll(/(.{8})/g, "$1 ")
      .match(/.{1,72}/g),
  ).toMatchSnapshot();
});

/** A packet as LINKTYPE_LINUX_SLL2 has it. */
function cooked(hardware: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(0x86dd, 0);
  header.writeUInt16BE(hardware, 8);
  return Buffer.concat([header, payload]);
}

test("a recording of all interfaces is taken apart by what each is", () => {
  const bytes = pcap(
    276,
    [65_534, 1, 772, 65_534].map((hardware) => ({ seconds: 1, fraction: 0, data: cooked(hardware, ECHO) })),
  );
  const { bytes: all, counts } = merged((merger) =>
    merger.takeCooked({ uplink: "wg-alpha", subscriber: "sub0" })(bytes),
  );
  expect(counts).toEqual({ "wg-alpha": 2, sub0: 1 });
  expect(
    merged((merger) => merger.takeCooked({ uplink: "wg-alpha", subscriber: undefined })(bytes)).counts,
  ).toEqual({
    "wg-alpha": 2,
  });
  // The tunnel's packet is bare IPv6, as it is on the wire.
  expect(all.indexOf(ECHO)).toBeGreaterThan(0);
  expect(() => merged((merger) => merger.takeCooked({ uplink: "a", subscriber: "b" })(pcap(1, [])))).toThrow(
    "link type 1",
  );
});

test.skipIf(!existsSync("/usr/bin/tcpdump"))("tcpdump reads the merged file", () => {
  const { bytes } = merged((merger) => {
    merger.take("sub0")(pcap(1, [{ seconds: 1_764_000_000, fraction: 6, data: ETHERNET }]));
  });
  const said = execFileSync("tcpdump", ["-n", "-tt", "-r", "-"], {
    input: bytes,
    encoding: "utf8",
    stdio: "pipe",
  });
  expect(said).toBe("1764000000.000000 IP6 fe80::1 > ff02::1: ICMP6, echo request, id 7, seq 1, length 12\n");
});

test("what is said of a time stands at the first packet from then on, and what no packet came after at the interface", () => {
  const written: Buffer[] = [];
  const seen: string[] = [];
  const merger = new PcapngMerger("test", (bytes) => written.push(Buffer.from(bytes)), {
    onPacket: (name, { timeNs }) => seen.push(`${name} ${timeNs}`),
  });
  const data = Buffer.alloc(14);
  merger.end();
  merger.remark({ timeNs: 2_000_000_000n, text: "second" });
  merger.take("eth0")(
    pcap(
      1,
      [1, 2, 3].map((seconds) => ({ seconds, fraction: 0, data })),
    ),
  );
  merger.remark({ timeNs: 9_000_000_000n, text: "over, é" });
  merger.end();
  merger.end();
  expect(seen).toEqual(["eth0 1000000000", "eth0 2000000000", "eth0 3000000000"]);
  const blocks = written.map((block) => [
    block.readUInt32LE(0),
    block.includes("second"),
    block.includes("over, é"),
  ]);
  // A section, an interface, three packets, and statistics of the interface.
  expect(blocks).toEqual([
    [0x0a0d0d0a, false, false],
    [1, false, false],
    [6, false, false],
    [6, true, false],
    [6, false, false],
    [5, false, true],
  ]);
  for (const block of written) expect(block.readUInt32LE(block.length - 4)).toBe(block.length);
});
