import { existsSync } from "node:fs";
import { dirname } from "node:path";

import type { Delegation } from "../../core/render/cpe/delegations.ts";
import {
  lanNotice,
  lanNoticeFile,
  type LanNotice,
  type NoticedWan,
} from "../../core/render/cpe/lan-notice.ts";
import { replaceFile } from "../files.ts";

/** Lets the hosts know whose prefixes are on the LAN; without a folder shared with them, they have to guess. */
export class Notice {
  readonly #file: string;
  #last: LanNotice | undefined;
  #told = "";

  constructor(cpe: string) {
    this.#file = lanNoticeFile(cpe);
  }

  /** Writes the file when it would be another one; whole or not at all. */
  update(wans: readonly NoticedWan[], delegations: readonly Delegation[], complete: boolean): void {
    this.#last = lanNotice(wans, delegations, complete, this.#last);
    const text = JSON.stringify(this.#last);
    if (text === this.#told || !existsSync(dirname(this.#file))) return;
    replaceFile(this.#file, text);
    this.#told = text;
  }
}
