import type { BngConfig } from "../../../core/render/bng/config.ts";
import {
  FAULT_TABLE,
  lineDevice,
  parseHits,
  renderFaultRules,
  type Hits,
  type PortHook,
  type RuleObject,
} from "../../../core/render/bng/fault-rules.ts";
import type { PacketRule } from "../../../core/model/faults/effects.ts";
import type { Intent } from "../../intent/intent.ts";
import { CommandError, run } from "../../programs/command.ts";
import { loadRules } from "../../net/nft.ts";
import { isPresent } from "../../net/glance.ts";
import { Loop } from "../../supervise/loop.ts";

/** What faults want of packets now. */
export interface WantedRules {
  readonly packets: readonly PacketRule[];
  /** How long each fault that ends by itself has left, in milliseconds. */
  readonly leftMs: ReadonlyMap<string, number>;
}

const CHECK_MS = 60_000;

/** Keeps the rules of faults in the kernel equal to what faults want, and reads what they met. */
export class FaultRuleKeeper {
  readonly #intent: Intent<BngConfig>;
  readonly #wanted: () => WantedRules;
  /** Apart from other loops, because a fault ends at its time, however long a daemon takes. */
  readonly loop = new Loop("rules of faults", CHECK_MS, () => this.#follow());
  readonly #forget = new Set<string>();
  #hook: PortHook = "egress";
  #loaded = "";
  #objects: readonly RuleObject[] = [];

  /** `wanted` tells the rules and how long faults have left, whenever it is asked. */
  constructor(intent: Intent<BngConfig>, wanted: () => WantedRules) {
    this.#intent = intent;
    this.#wanted = wanted;
  }

  /** Loads them anew for a new port: a chain of a port dies with it. Resolves when that was tried. */
  async reload(): Promise<void> {
    this.#loaded = "";
    await this.loop.once();
  }

  /** What each fault met, by its id; also one that has ended, until it is forgotten. */
  async hits(): Promise<ReadonlyMap<string, Hits>> {
    const families = [...new Set(this.#objects.map(({ family }) => family))];
    const found = await Promise.all(
      families.map((family) => printed(["counters", "table", family, FAULT_TABLE])),
    );
    return parseHits(found.join("\n"));
  }

  /** Takes away what is left of faults that have ended. */
  async forget(ids: Iterable<string>): Promise<void> {
    for (const id of ids) this.#forget.add(id);
    await this.loop.once();
  }

  async #follow(): Promise<void> {
    const port = this.#intent.config.subscriber.interface;
    const { leftMs, packets } = this.#wanted();
    const rules = packets.filter((rule) => {
      if (rule.place === "line") return isPresent(lineDevice(rule.way, port));
      return !rule.place.startsWith("port-") || isPresent(port);
    });
    const key = JSON.stringify([rules, [...leftMs.keys()]]);
    if (key === this.#loaded && this.#forget.size === 0) return;
    if (rules.length === 0 && this.#objects.length === 0) return this.#forget.clear();
    try {
      await this.#load(rules, leftMs);
    } catch (error) {
      if (this.#hook === "none" || !lacksHook(error)) throw error;
      this.#hook = "none";
      await this.#load(rules, leftMs);
    }
    this.#loaded = key;
  }

  async #load(rules: readonly PacketRule[], leftMs: WantedRules["leftMs"]): Promise<void> {
    const forget = new Set(this.#forget);
    const { text, objects } = renderFaultRules(rules, {
      port: this.#intent.config.subscriber.interface,
      hook: this.#hook,
      objects: this.#objects,
      leftMs,
      forget,
    });
    await loadRules(text);
    this.#objects = objects;
    for (const id of forget) this.#forget.delete(id);
  }
}

/** Nothing while a table comes or goes. */
async function printed(what: readonly string[]): Promise<string> {
  try {
    return await run(["nft", "-j", "list", ...what]);
  } catch (error) {
    if (error instanceof CommandError) return "";
    throw error;
  }
}

function lacksHook(error: unknown): boolean {
  return error instanceof CommandError && /No such file or directory|not supported/i.test(error.stderr);
}
