import type { BngConfig } from "../../../core/bng/config.ts";
import {
  FAULT_TABLE,
  parseHits,
  renderFaultRules,
  type Hits,
  type PortHook,
} from "../../../core/bng/fault-rules.ts";
import type { PacketRule } from "../../../core/faults/effects.ts";
import type { Intent } from "../../intent/intent.ts";
import { CommandError, run } from "../../net/command.ts";
import { isPresent } from "../../net/glance.ts";
import { Loop } from "../../supervise/loop.ts";

const CHECK_MS = 60_000;

/** Keeps the rules of faults in the kernel equal to what faults want, and reads what they met. */
export class FaultRuleKeeper {
  readonly #intent: Intent<BngConfig>;
  readonly #wanted: () => readonly PacketRule[];
  /** Apart from other loops, because a fault ends at its time, however long a daemon takes. */
  readonly loop = new Loop("rules of faults", CHECK_MS, () => this.#follow());
  readonly #forget = new Set<string>();
  #hook: PortHook = "egress";
  #loaded = "";
  #counters: readonly string[] = [];

  /** `wanted` tells the rules, whenever it is asked. */
  constructor(intent: Intent<BngConfig>, wanted: () => readonly PacketRule[]) {
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
    const families = [...new Set(this.#counters.map((counter) => counter.split(" ")[0] ?? ""))];
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
    const rules = this.#wanted().filter(({ place }) => place !== "port-out" || isPresent(port));
    const key = JSON.stringify(rules);
    if (key === this.#loaded && this.#forget.size === 0) return;
    if (rules.length === 0 && this.#counters.length === 0) return this.#forget.clear();
    try {
      await this.#load(rules, port);
    } catch (error) {
      if (this.#hook === "none" || !lacksHook(error)) throw error;
      this.#hook = "none";
      await this.#load(rules, port);
    }
    this.#loaded = key;
  }

  async #load(rules: readonly PacketRule[], port: string): Promise<void> {
    const forget = new Set(this.#forget);
    const { text, counters } = renderFaultRules(rules, {
      port,
      hook: this.#hook,
      before: this.#counters,
      forget,
    });
    await run(["nft", "-f", "-"], { input: text });
    this.#counters = counters;
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
