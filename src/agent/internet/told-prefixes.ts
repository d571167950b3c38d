import { statSync } from "node:fs";

import type { Prefix6 } from "../../core/ip6.ts";
import { readToldPrefixes, toldPrefixesFile } from "../../core/internet/told-prefixes.ts";
import { LAB_FOLDER } from "../../core/names.ts";
import { readIfThere } from "../files.ts";

/** Looked at by stat(2): the kernel allows 128 inotify instances to all that root runs, which is less than members. */
const LOOK_MS = 250;

/** What providers tell of their prefixes, in the folder that the lab's members share. */
export class ToldPrefixes {
  #readAt: number | undefined;

  /** Calls back when somebody may have told something else; ends it by what is returned. */
  listen(onChange: () => void): () => void {
    const timer = setInterval(() => {
      if (changedAt() !== this.#readAt) onChange();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }

  /** What these providers tell, by name. */
  read(providers: readonly string[]): Map<string, Prefix6[]> {
    this.#readAt = changedAt();
    return new Map(
      providers.flatMap((provider) => {
        const text = readIfThere(toldPrefixesFile(provider));
        const told = text === undefined ? undefined : readToldPrefixes(text);
        return told === undefined ? [] : [[provider, told] as const];
      }),
    );
  }
}

/** Files come and go there whole, so the folder itself tells; undefined where the members share none. */
function changedAt(): number | undefined {
  return statSync(LAB_FOLDER, { throwIfNoEntry: false })?.mtimeMs;
}
