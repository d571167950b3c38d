import { readFileSync } from "node:fs";

import type { BngConfig } from "../../core/render/bng/config.ts";
import { renderMssClamp } from "../../core/render/bng/mss-clamp.ts";
import {
  HEARD_WORDS,
  parseHeard,
  renderHeard,
  type NeighbourEntry,
} from "../../core/render/bng/neighbours.ts";
import {
  COUNTED_WORDS,
  parseCounted,
  renderSourceSets,
  type Counted,
} from "../../core/render/bng/source-sets.ts";
import { renderSourceValidation, type PortHooks } from "../../core/render/bng/source-validation.ts";
import { renderTunnelGuard } from "../../core/render/bng/reach.ts";
import type { SourceValidation } from "../../core/model/settings/filter.ts";
import type { HeardNeighbour } from "../../core/model/status/neighbours.ts";
import type { Intent } from "../intent/intent.ts";
import type { Clock } from "../clock.ts";
import { log } from "../log.ts";
import { CommandError, run } from "../programs/command.ts";
import { loadRules } from "../net/nft.ts";
import { ensureSysctl } from "../net/sysctl.ts";

/** What the rules have counted and remembered, and who the kernel knows. */
export interface Observations extends Counted {
  /** Who was heard on the subscriber port; nobody while there is no port. */
  neighbours: Omit<HeardNeighbour, "addresses">[];
  /** Whom the kernel knows there. */
  entries: readonly NeighbourEntry[];
  /** Since when they count, in seconds since 1970; null when nothing is known of them. */
  readonly sinceS: number | null;
}

const NOTHING: Observations = { ...parseCounted(""), neighbours: [], entries: [], sinceS: null };

/** Of images/tally, which says what it prints: `nft` and `ip` take ten times as long for it, of each of a hundred BNGs. */
const TALLY = "/usr/local/lib/mhlab/tally";

/** Each is loaded again only when its own text changed: what the others remember stays. */
const TABLES = {
  heard: ({ subscriber }) => renderHeard(subscriber.interface),
  validation: renderSourceValidation,
  tunnel: renderTunnelGuard,
  clamp: renderMssClamp,
} satisfies Record<string, (config: BngConfig, hooks: PortHooks) => string>;
type Table = keyof typeof TABLES;
const ALL = Object.keys(TABLES) as Table[];

/** The rules of the subscriber port: those that listen, source validation, the clamp of TCP's segment size. */
export class PortRules {
  readonly #intent: Intent<BngConfig>;
  /** The texts that are loaded. */
  readonly #loaded = new Map<Table, string>();
  #effective: SourceValidation | null = null;
  readonly #clock: Pick<Clock, "nowS">;
  #loads = 0;
  #sinceS: number | null = null;
  /** Index of the tunnel's device whose packets the rules see. */
  #guarded: string | undefined;

  constructor(intent: Intent<BngConfig>, clock: Pick<Clock, "nowS">) {
    this.#intent = intent;
    this.#clock = clock;
  }

  /** How often rules were loaded: those that are new have counted nothing. */
  get loads(): number {
    return this.#loads;
  }

  /** Since when they count, in seconds since 1970; null before they were loaded. */
  get sinceS(): number | null {
    return this.#sinceS;
  }

  /** Whether the tunnel's device is another one than the rules were loaded for. */
  get isTunnelNew(): boolean {
    const index = indexOf(this.#intent.config.wireguard.interface);
    return this.#effective !== null && index !== undefined && index !== this.#guarded;
  }

  /** How sources are validated; null before there was a port. */
  get effective(): SourceValidation | null {
    return this.#effective;
  }

  /** Loads all of them; for a new port, because a netdev chain dies with its interface. */
  async load(): Promise<void> {
    this.#loaded.clear();
    await this.#loadSome(this.#possible(), renderSourceSets());
  }

  /** Loads what the intent changed since, in one step: a customer's packet meets the old rules or the new ones. */
  async follow(): Promise<void> {
    if (this.#effective === null) return;
    const config = this.#intent.config;
    if (this.isTunnelNew) this.#loaded.delete("tunnel");
    await this.#loadSome(
      this.#possible().filter((table) => this.#loaded.get(table) !== TABLES[table](config)),
    );
  }

  /** What they have counted and remembered; before there are any, nothing, and no program is asked for it. */
  async observe(): Promise<Observations> {
    if (this.#effective === null) return NOTHING;
    const port = this.#intent.config.subscriber.interface;
    try {
      const printed = await run([TALLY, ...COUNTED_WORDS, ...HEARD_WORDS, "neighbours", port]);
      const [rules = "", known = "{}"] = printed.split("\n");
      const { neighbours: entries = [] } = JSON.parse(known) as { neighbours?: NeighbourEntry[] };
      return { ...parseCounted(rules), neighbours: parseHeard(rules), entries, sinceS: this.#sinceS };
    } catch (error) {
      if (error instanceof CommandError) return NOTHING;
      throw error;
    }
  }

  /** A chain of a device that is not there cannot be loaded. */
  #possible(): Table[] {
    const isThere = indexOf(this.#intent.config.wireguard.interface) !== undefined;
    return ALL.filter((table) => table !== "tunnel" || isThere);
  }

  /** Where nothing can be answered on the wire, `reject` works as `reject-routed`. `sets` are what rules need that are not there yet. */
  async #loadSome(tables: readonly Table[], sets = ""): Promise<void> {
    if (tables.length === 0) return;
    const { config } = this.#intent;
    const load = async (mode: SourceValidation, egress = true): Promise<void> => {
      const rules = tables.map((table) => TABLES[table]({ ...config, sourceValidation: mode }, { egress }));
      const index = indexOf(config.wireguard.interface);
      await loadRules([sets, ...rules].join("\n"));
      this.#loads += 1;
      this.#sinceS ??= this.#clock.nowS();
      for (const table of tables) this.#loaded.set(table, TABLES[table](config));
      if (tables.includes("validation")) this.#effective = mode;
      if (tables.includes("tunnel")) this.#guarded = index;
    };
    const wanted = config.sourceValidation;
    const hindrance = wanted === "reject" ? hindranceOfMarks() : undefined;
    const possible = hindrance === undefined ? wanted : "reject-routed";
    let why = hindrance;
    try {
      await load(possible);
    } catch (error) {
      if (!lacksModule(error)) throw error;
      why ??= "this kernel lacks nftables' egress hook (Linux 5.16) or numgen";
      await load(possible === "reject" ? "reject-routed" : possible, false);
      log("warn", `packets that leak to customers are not counted: ${why}`);
    }
    if (why !== undefined && wanted === "reject")
      log(
        "warn",
        `a wrong source cannot be told on the wire: ${why}; errors follow the routing table, as with SOURCE_VALIDATION=reject-routed`,
      );
  }
}

function indexOf(device: string): string | undefined {
  try {
    return readFileSync(`/sys/class/net/${device}/ifindex`, "utf8");
  } catch {
    return undefined;
  }
}

/** Why an error would not inherit the mark of the packet that it is about. */
function hindranceOfMarks(): string | undefined {
  return ensureSysctl("net/ipv6/fwmark_reflect", "1")
    ? undefined
    : "/proc/sys is read-only here, and the container was started without --sysctl net.ipv6.fwmark_reflect=1";
}

function lacksModule(error: unknown): boolean {
  return error instanceof CommandError && /No such file or directory|not supported/i.test(error.stderr);
}
