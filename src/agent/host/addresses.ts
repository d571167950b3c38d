import {
  heldAddresses,
  hostAddresses,
  type HeldAddress,
  type HeldHostAddress,
} from "../../core/render/cpe/host-addresses.ts";
import { isFrom } from "../../core/render/cpe/forget.ts";
import type { HostAddress } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import type { Link } from "../net/link.ts";
import { ipBatch } from "../net/routing.ts";

/** The addresses of a host's port, as of the last look. */
export class Addresses {
  readonly #clock: Clock;
  #held: readonly HeldAddress[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Looks at the link; undefined while there is none. */
  update(link: Link | undefined): void {
    this.#held = heldAddresses(this.#held, link?.addr_info ?? [], this.#clock.nowS());
  }

  /** Takes off the link those from prefixes that nobody has any more. */
  async forget(link: Link | undefined, prefixes: readonly string[]): Promise<void> {
    if (link === undefined) return;
    const gone = (link.addr_info ?? []).filter(
      ({ scope, local }) => scope === "global" && isFrom(local, prefixes),
    );
    await ipBatch(gone.map(({ local, prefixlen }) => `addr del ${local}/${prefixlen} dev ${link.ifname}`));
    this.#held = this.#held.filter(({ address }) => !gone.some(({ local }) => local === address));
  }

  /** Those that are past duplicate address detection. */
  get usable(): HeldAddress[] {
    return this.#held.filter(({ state }) => state !== "tentative");
  }

  /** All of them, as `status` has them. */
  tell(way: (address: string) => Pick<HostAddress, "provider" | "router">): HeldHostAddress[] {
    return hostAddresses(this.#held, way);
  }
}
