import type { BngConfig } from "../../../core/render/bng/config.ts";
import { type Rogue, ROGUE_INTERFACE } from "../../../core/model/faults/effects.ts";
import { addressIn, formatIp6 } from "../../../core/model/ip6.ts";
import { stableHash } from "../../../core/model/names.ts";
import type { Intent } from "../../intent/intent.ts";
import { runIp } from "../../programs/ip.ts";
import { isPresent } from "../../net/glance.ts";

/** The port of a second router on the subscriber link: a MAC and addresses of its own on the same wire. It goes with the link. */
export class RoguePort {
  readonly #intent: Intent<BngConfig>;
  readonly #wanted: () => Rogue | undefined;
  /** How it was last made. */
  #made = "";

  /** `wanted` tells what it should be, whenever it is asked. */
  constructor(intent: Intent<BngConfig>, wanted: () => Rogue | undefined) {
    this.#intent = intent;
    this.#wanted = wanted;
  }

  /** Makes it when it is wanted and not there, or another one than is there. */
  async raise(): Promise<void> {
    const wanted = this.#wanted();
    const { name, subscriber } = this.#intent.config;
    if (wanted === undefined || !isPresent(subscriber.interface)) return;
    const lines = linesOf(wanted, name, subscriber.interface);
    const key = lines.join("\n");
    const there = isPresent(ROGUE_INTERFACE);
    if (there && key === this.#made) return;
    await runIp([...(there ? [`link del ${ROGUE_INTERFACE}`] : []), ...lines]);
    this.#made = key;
  }

  /** Removes it when it is not wanted. */
  async remove(): Promise<void> {
    if (this.#wanted() !== undefined || !isPresent(ROGUE_INTERFACE)) return;
    await runIp([`link del ${ROGUE_INTERFACE}`]);
    this.#made = "";
  }
}

function linesOf({ prefix }: Rogue, name: string, port: string): string[] {
  const tail = stableHash(`rogue/${name}`).toString(16).padStart(8, "0");
  const [high, low] = [tail.slice(0, 4), tail.slice(4)];
  const mac = `02:bd:${tail.replaceAll(/..(?!$)/g, "$&:")}`;
  return [
    `link add link ${port} name ${ROGUE_INTERFACE} address ${mac} type macvlan mode bridge`,
    `link set dev ${ROGUE_INTERFACE} addrgenmode none`,
    `addr add fe80::bad:${high}:${low}/64 dev ${ROGUE_INTERFACE} nodad`,
    // Without its route: nobody is behind it.
    `addr add ${formatIp6(addressIn(prefix, 1n))}/64 dev ${ROGUE_INTERFACE} nodad noprefixroute`,
    `link set dev ${ROGUE_INTERFACE} up`,
  ];
}
