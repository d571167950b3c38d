// Packets of a run's captures, as tshark reads them. Nothing in this folder imports mhlab's source: it is the second opinion.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const FIELDS = [
  "frame.interface_name",
  "frame.time_epoch",
  "eth.src",
  "eth.dst",
  "ipv6.src",
  "ipv6.dst",
  "ipv6.nxt",
  "udp.srcport",
  "udp.dstport",
  "udp.payload",
  "udp.checksum",
  "icmpv6.type",
  "data.data",
  "icmpv6.nd.ra.router_lifetime",
  "icmpv6.opt.prefix",
  "icmpv6.opt.prefix.length",
  "icmpv6.opt.prefix.flag.a",
  "icmpv6.opt.prefix.preferred_lifetime",
  "icmpv6.opt.prefix.valid_lifetime",
  "frame.comment",
];
const NS = 1_000_000_000n;

/** All IPv6 packets of all captures in a folder, by time; `atS` is seconds since `startNs` (nanoseconds since 1970). */
export function packetsOf(folder, startNs) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".pcapng"))
    .flatMap((name) => packetsIn(join(folder, name), startNs))
    .sort((one, other) => one.atS - other.atS);
}

function packetsIn(file, startNs) {
  const args = ["-n", "-r", file, "-Y", "ipv6", "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,"];
  const text = execFileSync("tshark", [...args, ...FIELDS.flatMap((field) => ["-e", field])], {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const capture = file.replace(/^.*\//, "").replace(/\.pcapng$/, "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => packetOf(line.split("\t"), capture, startNs));
}

function packetOf(cells, capture, startNs) {
  const [
    device,
    time,
    ethSrc,
    ethDst,
    src,
    dst,
    next,
    sport,
    dport,
    udp,
    checksum,
    icmp,
    data,
    router,
    ...rest
  ] = cells;
  const [comment, pio] = [rest.at(-1) ?? "", rest.slice(0, -1)];
  const [prefixes, lengths, autonomous, preferred, valid] = pio.map(list);
  return {
    // One device of one capture.
    port: `${capture} ${device}`,
    device,
    atS: secondsSince(time, startNs),
    ethSrc,
    ethDst,
    // An ICMPv6 error has the head of another packet in it: the first of each is the packet's own.
    src: list(src)[0],
    dst: list(dst)[0],
    next: Number(list(next)[0]),
    nexts: list(next).map(Number),
    sport: Number(list(sport)[0]),
    dport: Number(list(dport)[0]),
    // A receiver drops what has none (RFC 8200, section 8.1); wireguard-go writes 0 where 0xffff is meant.
    isWhole: list(checksum)[0] !== "0x0000",
    payload: list(udp)[0] ?? list(data)[0] ?? "",
    icmp: icmp === "" ? null : Number(list(icmp)[0]),
    comment,
    routerLifetimeS: router === "" ? null : Number(list(router)[0]),
    prefixes: prefixes.map((prefix, index) => ({
      prefix,
      length: Number(lengths[index]),
      autonomous: ["1", "True"].includes(autonomous[index]),
      preferredS: Number(preferred[index]),
      validS: Number(valid[index]),
    })),
  };
}

function list(cell) {
  return cell === undefined || cell === "" ? [] : cell.split(",");
}

/** Exact to the nanosecond before it becomes a small number. */
function secondsSince(time, startNs) {
  const [seconds, fraction = ""] = time.split(".");
  const ns = BigInt(seconds) * NS + BigInt(fraction.padEnd(9, "0").slice(0, 9));
  return Number(ns - startNs) / 1e9;
}
