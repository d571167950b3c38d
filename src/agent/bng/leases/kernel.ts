import { canonicalPrefix } from "../../../core/render/bng/leases.ts";
import type { NeighbourEntry } from "../../../core/render/bng/neighbours.ts";
import { parseElements, renderElements, TABLE } from "../../../core/render/bng/source-sets.ts";
import type { Changes, Tracked } from "../../../core/render/bng/tracked.ts";
import { LOCKED_MTU, type Upkeep } from "../../../core/render/bng/upkeep.ts";
import { isRefusalNeighbour } from "../../../core/render/bng/refusal-route.ts";
import { CommandError, run } from "../../programs/command.ts";
import { askIp } from "../../programs/ip.ts";
import { loadRules } from "../../net/nft.ts";

interface RouteEntry {
  readonly dst: string;
  readonly gateway?: string;
  readonly metrics?: readonly { readonly mtu?: number }[];
}

/** Marks the routes that are ours in `ip route`. */
const ROUTE_PROTOCOL = "201";

/** What the kernel has of it, and making that what it should be; each part fails for itself. */
export class KernelSide {
  readonly #upkeep: Upkeep;
  readonly #port: string;

  constructor(upkeep: Upkeep, port: string) {
    this.#upkeep = upkeep;
    this.#port = port;
  }

  /** Looks which routes and neighbours there are. */
  async lookAtRoutes(): Promise<void> {
    const [routes = [], neighbours = []] = (await askIp([
      ["route", "show", "dev", this.#port, "proto", ROUTE_PROTOCOL],
      ["neigh", "show", "dev", this.#port, "nud", "permanent"],
    ])) as [RouteEntry[]?, NeighbourEntry[]?];
    this.#upkeep.routes.assume(
      new Map(
        routes.map(({ dst, gateway = "", metrics }) => {
          const mtu = metrics?.[0]?.mtu;
          // Most are spelled as they were made.
          const prefix = this.#upkeep.routes.made.has(dst) ? dst : canonicalPrefix(dst);
          return [prefix, mtu === undefined ? gateway : `${gateway}${LOCKED_MTU}${mtu}`];
        }),
      ),
    );
    this.#upkeep.neighbours.assume(
      new Map(
        neighbours
          .filter(({ dst }) => !isRefusalNeighbour(dst))
          .map(({ dst, lladdr }) => [dst, lladdr ?? ""]),
      ),
    );
  }

  /** Looks what is in the sets of the port's rules. */
  async lookAtSets(): Promise<void> {
    const listed = await run(["nft", "-j", "list", "table", "netdev", TABLE]);
    this.#upkeep.elements.assume(parseElements(listed));
  }

  /** Who may send, before the way to him: makes the sets what they should be. */
  async mendSets(): Promise<Changes> {
    const { elements } = this.#upkeep;
    const changes = elements.changes();
    const input = renderElements(changes);
    if (input !== "") await loadRules(input);
    elements.done(changes);
    return changes;
  }

  /** Makes the neighbours what they should be; permanent, so no advertisement of somebody else moves them (RFC 4861 7.2.5). */
  async mendNeighbours(): Promise<Changes> {
    return await this.#mend(this.#upkeep.neighbours, {
      put: (address, mac) => `neigh replace ${address} lladdr ${mac} dev ${this.#port} nud permanent`,
      drop: (address) => `neigh del ${address} dev ${this.#port}`,
    });
  }

  /** Makes the routes what they should be. */
  async mendRoutes(): Promise<Changes> {
    return await this.#mend(this.#upkeep.routes, {
      put: (prefix, value) => {
        const [via, mtu] = value.split(LOCKED_MTU);
        const words = `route replace ${prefix} via ${via} dev ${this.#port} proto ${ROUTE_PROTOCOL}`;
        return mtu === undefined ? words : `${words}${LOCKED_MTU}${mtu}`;
      },
      drop: (prefix) => `route del ${prefix} dev ${this.#port} proto ${ROUTE_PROTOCOL}`,
    });
  }

  async #mend(
    tracked: Tracked,
    command: { put: (key: string, value: string) => string; drop: (key: string) => string },
  ): Promise<Changes> {
    const changes = tracked.changes();
    const keys = [...changes.drop, ...changes.put.map(([key]) => key)];
    if (keys.length === 0) return changes;
    const input = [
      ...changes.drop.map((key) => command.drop(key)),
      ...changes.put.map(([key, value]) => command.put(key, value)),
    ].join("\n");
    try {
      await run(["ip", "-6", "-force", "-batch", "-"], { input: `${input}\n` });
      tracked.done(changes);
    } catch (error) {
      const failed = failedLines(error).map((line) => keys[line - 1]);
      if (failed.length === 0) throw error;
      tracked.done(changes, new Set(failed.filter((key) => key !== undefined)));
      throw error;
    }
    return changes;
  }
}

/** Numbers of the lines of a batch that failed; all others were done (`-force`). */
function failedLines(error: unknown): number[] {
  if (!(error instanceof CommandError)) return [];
  return [...error.stderr.matchAll(/^Command failed -:(\d+)/gm)].map(([, line]) => Number(line));
}
