import { LinkType, readPcap, type Packet } from "./pcap.ts";
import { enhancedPacket, interfaceDescription, interfaceStatistics, sectionHeader } from "./pcapng.ts";

/** Something to be read in a capture, at the first packet from then on. */
export interface Remark {
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint;
  readonly text: string;
}

export interface MergerEvents {
  /** Every packet, with its interface. */
  onPacket?(name: string, packet: Packet): void;
}

/** Writes several captures into one pcapng, nothing before something was heard; each interface is described before its first packet. */
export class PcapngMerger {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #application: string;
  readonly #events: MergerEvents;
  #remarks: Remark[] = [];
  #begun = false;
  readonly #places = new Map<string, number>();
  readonly counts = new Map<string, number>();

  constructor(application: string, write: (bytes: Uint8Array) => void, events: MergerEvents = {}) {
    this.#write = write;
    this.#application = application;
    this.#events = events;
  }

  /** Says something at the first packet of that time or later, on whichever interface. */
  remark(remark: Remark): void {
    this.#remarks.push(remark);
  }

  /** Says what no packet came after, at the last interface. Without any there is nobody to say it of. */
  end(): void {
    const [place, rest] = [this.#places.size - 1, this.#remarks];
    const last = rest.at(-1);
    this.#remarks = [];
    if (place < 0 || last === undefined) return;
    this.#write(
      interfaceStatistics(
        place,
        last.timeNs,
        rest.map(({ text }) => text),
      ),
    );
  }

  /** Writes the section's header, once; without packets that is a capture all the same. */
  begin(): void {
    if (!this.#begun) this.#write(sectionHeader(this.#application));
    this.#begun = true;
  }

  /** Takes the pcap stream of an interface; one that begins anew, after a restart, goes on under the same name. */
  take(name: string): (piece: Uint8Array) => void {
    let place = 0;
    return readPcap({
      onHeader: (header) => (place = this.#describe(name, header)),
      onPacket: (packet) => this.#add(name, place, packet),
    });
  }

  /**
   * Takes a pcap of all interfaces of a BNG (`tcpdump -i any`, LINKTYPE_LINUX_SLL2) apart: what is neither tunnel nor
   * subscriber link is left out, and a packet of the tunnel loses the header that it never had on the wire.
   */
  takeCooked(names: {
    readonly uplink: string | undefined;
    readonly subscriber: string | undefined;
  }): (piece: Uint8Array) => void {
    let snapLength = 0;
    return readPcap({
      onHeader: (header) => {
        if (header.linkType !== LinkType.cooked2) throw new RangeError(`link type ${header.linkType}`);
        snapLength = header.snapLength;
      },
      onPacket: (packet) => {
        const kind = hardwareOf(packet);
        const name = kind === undefined ? undefined : names[kind];
        if (kind === undefined || name === undefined) return;
        const linkType = kind === "uplink" ? LinkType.raw : LinkType.cooked2;
        const place = this.#describe(name, { linkType, snapLength });
        this.#add(name, place, kind === "uplink" ? withoutCookedHeader(packet) : packet);
      },
    });
  }

  #describe(name: string, header: { readonly linkType: number; readonly snapLength: number }): number {
    const key = `${name} ${header.linkType}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.#places.size;
    this.#places.set(key, place);
    this.begin();
    this.#write(interfaceDescription({ name, ...header }));
    return place;
  }

  #add(name: string, place: number, packet: Packet): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    const due = this.#remarks.filter(({ timeNs }) => timeNs <= packet.timeNs);
    if (due.length > 0) this.#remarks = this.#remarks.filter((one) => !due.includes(one));
    this.#write(
      enhancedPacket(
        place,
        packet,
        due.map(({ text }) => text),
      ),
    );
    this.#events.onPacket?.(name, packet);
  }
}

const COOKED_HEADER_BYTES = 20;
/** ARPHRD_ values of a tunnel's and an Ethernet's interface (linux/if_arp.h). */
const HARDWARE: Readonly<Record<number, "uplink" | "subscriber">> = { 65534: "uplink", 1: "subscriber" };

function hardwareOf({ data }: Packet): "uplink" | "subscriber" | undefined {
  if (data.length < COOKED_HEADER_BYTES) return undefined;
  return HARDWARE[new DataView(data.buffer, data.byteOffset).getUint16(8)];
}

function withoutCookedHeader({ timeNs, length, data }: Packet): Packet {
  return { timeNs, length: length - COOKED_HEADER_BYTES, data: data.subarray(COOKED_HEADER_BYTES) };
}
