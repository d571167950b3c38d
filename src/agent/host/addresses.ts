import { heldAddresses, hostAddresses, type HeldAddress } from "../../core/cpe/host-addresses.ts";
import type { HostAddress, SourceAddress } from "../../core/status/model.ts";
import { formatUtc } from "../../core/utc.ts";
import type { Link } from "../net/link.ts";

/** The addresses of a host's port, as of the last look. */
export class Addresses {
  #held: readonly HeldAddress[] = [];

  /** Looks at the link; undefined while there is none. */
  update(link: Link | undefined): void {
    this.#held = heldAddresses(this.#held, link?.addr_info ?? [], now());
  }

  /** Those that are past duplicate address detection. */
  get usable(): HeldAddress[] {
    return this.#held.filter(({ state }) => state !== "tentative");
  }

  /** All of them, with what is left of their lifetimes. */
  tell(way: (address: string) => Pick<SourceAddress, "provider" | "router">): HostAddress[] {
    return hostAddresses(this.#held, way, { now: now(), utc: formatUtc });
  }
}

function now(): number {
  return Date.now() / 1000;
}
