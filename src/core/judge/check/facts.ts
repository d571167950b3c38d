import { cell, values, type Packet } from "./packets.ts";

/** What a server said of one delegation, at a time. */
export interface Granted {
  readonly file: string;
  readonly atS: number;
  readonly network: string;
  readonly length: number;
  readonly preferredS: number;
  /** 0: taken back. */
  readonly validS: number;
}

/** Who is who in the captures, and what was delegated. */
export interface Facts {
  /** MAC addresses of the CPE's WANs: who sends messages of DHCPv6 clients there. */
  readonly cpe: readonly string[];
  /** MAC addresses of the providers' routers. */
  readonly routers: readonly string[];
  /** MAC addresses of who advertises on the LAN. */
  readonly lan: readonly string[];
  /** In the order of time. */
  readonly granted: readonly Granted[];
}

const ASKING = new Set(["1", "3", "5", "6"]);
const REPLY = "7";
const ROUTER_ADVERTISEMENT = "134";

export function factsOf(packets: readonly Packet[]): Facts {
  const senders = (side: Packet["side"], is: (packet: Packet) => boolean): string[] => [
    ...new Set(packets.filter((one) => one.side === side && is(one)).map((one) => cell(one, "eth.src"))),
  ];
  const cpe = senders("wan", (one) => ASKING.has(cell(one, "dhcpv6.msgtype")));
  return {
    cpe,
    // A short check may see no advertisement of a provider, but always the answer of its server or relay.
    routers: senders("wan", (one) => advertises(one) || isReply(one)).filter((mac) => !cpe.includes(mac)),
    lan: senders("lan", advertises),
    granted: packets
      .filter((one) => one.side === "wan" && isReply(one))
      .flatMap(grantedIn)
      .sort((one, other) => one.atS - other.atS),
  };
}

function advertises(one: Packet): boolean {
  return cell(one, "icmpv6.type") === ROUTER_ADVERTISEMENT;
}

function isReply(one: Packet): boolean {
  return cell(one, "dhcpv6.msgtype") === REPLY;
}

function grantedIn(packet: Packet): Granted[] {
  const lengths = values(packet, "dhcpv6.iaprefix.pref_len");
  const preferred = values(packet, "dhcpv6.iaprefix.pref_lifetime");
  const valid = values(packet, "dhcpv6.iaprefix.valid_lifetime");
  return values(packet, "dhcpv6.iaprefix.pref_addr").map((network, index) => ({
    file: packet.file,
    atS: packet.atS,
    network,
    length: Number(lengths[index]),
    preferredS: Number(preferred[index]),
    validS: Number(valid[index]),
  }));
}

/** The newest word on each delegation at a time. */
export function latest({ granted }: Pick<Facts, "granted">, atS: number): Granted[] {
  const known = granted.filter((one) => one.atS <= atS);
  return [...new Map(known.map((one) => [`${one.file} ${one.network}/${one.length}`, one])).values()];
}
