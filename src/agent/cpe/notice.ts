import { existsSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import type { Delegation } from "../../core/cpe/delegations.ts";
import { lanNotice, lanNoticeFile } from "../../core/cpe/lan-notice.ts";

/** Lets the hosts know whose prefixes are on the LAN; without a folder shared with them, they have to guess. */
export class Notice {
  readonly #file: string;
  readonly #providers: readonly string[];
  #seen = new Set<number>();
  #told = "";

  /** Replaces what an earlier run has told. */
  constructor(cpe: string, providers: readonly string[]) {
    this.#file = lanNoticeFile(cpe);
    this.#providers = providers;
    this.update([]);
  }

  /** Writes the file when it would be another one; whole or not at all. */
  update(delegations: readonly Delegation[]): void {
    for (const { wan, active } of delegations) if (active) this.#seen.add(wan);
    const complete = this.#seen.size >= this.#providers.length;
    const text = JSON.stringify(lanNotice(this.#providers, delegations, complete));
    if (text === this.#told || !existsSync(dirname(this.#file))) return;
    writeFileSync(`${this.#file}.new`, text);
    renameSync(`${this.#file}.new`, this.#file);
    this.#told = text;
  }
}
