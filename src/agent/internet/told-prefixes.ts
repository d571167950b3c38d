import { readdirSync, statSync } from "node:fs";

import type { Prefix6 } from "../../core/model/ip6.ts";
import {
  readToldPrefixes,
  tellingProvider,
  toldPrefixesFile,
} from "../../core/render/internet/told-prefixes.ts";
import { OPERATOR_FOLDER } from "../../core/model/names.ts";
import { readIfThere } from "../files.ts";

/** Looked at by stat(2): the kernel allows 128 inotify instances to all that root runs, which is less than nodes. */
const LOOK_MS = 250;

/** What providers tell of their prefixes, in the folder that the lab's nodes share. */
export class ToldPrefixes {
  #lookedAt: number | undefined;
  #files = "";

  /** Calls back when somebody may have told something else; ends it by what is returned. */
  listen(onChange: () => void): () => void {
    const timer = setInterval(() => {
      const changed = changedAt();
      if (changed === this.#lookedAt) return;
      this.#lookedAt = changed;
      // Nodes come and go in the same folder.
      if (filesThere().join("\n") !== this.#files) onChange();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }

  /** What these providers tell, by name. */
  read(providers: readonly string[]): Map<string, Prefix6[]> {
    const files = filesThere();
    this.#files = files.join("\n");
    const telling = new Set(files.map((file) => file.split(" ", 1)[0]));
    return new Map(
      providers.flatMap((provider) => {
        if (!telling.has(provider)) return [];
        const text = readIfThere(toldPrefixesFile(provider));
        const told = text === undefined ? undefined : readToldPrefixes(text);
        return told === undefined ? [] : [[provider, told] as const];
      }),
    );
  }
}

/** Files come and go there whole, so the folder itself tells; undefined where the nodes share none. */
function changedAt(): number | undefined {
  return statSync(OPERATOR_FOLDER, { throwIfNoEntry: false })?.mtimeMs;
}

/** Who tells something, each with what changes when he tells something else. */
function filesThere(): string[] {
  if (changedAt() === undefined) return [];
  return readdirSync(OPERATOR_FOLDER)
    .flatMap((file) => tellingProvider(file) ?? [])
    .sort()
    .map((provider) => {
      const stat = statSync(toldPrefixesFile(provider), { throwIfNoEntry: false });
      return `${provider} ${stat?.ino} ${stat?.mtimeMs}`;
    });
}
