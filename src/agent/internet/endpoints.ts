import { readFileSync } from "node:fs";

import { CONFIG_FOLDER } from "../../core/model/names.ts";
import { replaceFile } from "../files.ts";

/** Outlives a restart of the container, not its removal. */
const FILE = `${CONFIG_FOLDER}/endpoints.json`;

/**
 * Where each BNG was last heard from. A WireGuard side that lost its sessions can greet the other only when it knows
 * where; without this, the tunnel stays silent until the BNG notices.
 */
export class Endpoints {
  #known: Record<string, string> = {};

  constructor() {
    try {
      const value: unknown = JSON.parse(readFileSync(FILE, "utf8"));
      if (typeof value === "object" && value !== null) this.#known = value as Record<string, string>;
    } catch {
      // The first start has no such file.
    }
  }

  get(publicKey: string): string | undefined {
    return this.#known[publicKey];
  }

  /** Remembers what was seen now; forgets keys that are not in the lab any more. */
  update(seen: ReadonlyMap<string, string | undefined>): void {
    const next: Record<string, string> = {};
    for (const [publicKey, endpoint] of seen) {
      const known = endpoint ?? this.#known[publicKey];
      if (known !== undefined) next[publicKey] = known;
    }
    const text = JSON.stringify(next);
    if (text === JSON.stringify(this.#known)) return;
    this.#known = next;
    replaceFile(FILE, text);
  }
}
