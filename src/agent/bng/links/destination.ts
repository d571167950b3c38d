import { existsSync, watch } from "node:fs";

import { formatTarget, type LinkTarget } from "../../../core/links/veth.ts";
import { NAMED_NAMESPACES } from "../../../core/names.ts";
import { log } from "../../log.ts";
import { CommandError, inBirth, run } from "../../net/command.ts";
import { readBirthLink } from "../../net/link.ts";

/** `ip netns add` makes the file first, and a namespace of it a moment later. */
const MOUNTED_MS = 300;

/** The name under which the far end of a pair waits in the host's namespace, and the one that it gets. */
export interface FarEnd {
  readonly waiting: string;
  readonly name: string;
}

/** Where the far end of a pair goes. */
export interface Destination {
  /** Sees that the end is there; what it waits for, in words, when it is not. */
  deliver(): Promise<string | undefined>;
  /** Calls back when it may be delivered, until what it returns is called. */
  watch(onChange: () => void): () => void;
}

/** The destination that a lab file names. */
export function destination(target: LinkTarget, end: FarEnd): Destination {
  return target.kind === "netns" ? new Namespace(target, end) : new Container(target, end);
}

/** Only the engine reaches another container's network, and no member can ask it: `mhlab up` does. */
class Container implements Destination {
  readonly #target: LinkTarget;
  readonly #end: FarEnd;
  #waits = false;

  constructor(target: LinkTarget, end: FarEnd) {
    this.#target = target;
    this.#end = end;
  }

  async deliver(): Promise<string | undefined> {
    const { waiting, name } = this.#end;
    const target = formatTarget(this.#target);
    const waits = (await readBirthLink(waiting)) !== undefined;
    if (this.#waits && !waits) log("info", `${name} is in ${target}`);
    this.#waits = waits;
    return waits ? `${name} is not in ${target} yet; \`mhlab up\` puts it there while that runs` : undefined;
  }

  watch(): () => void {
    return () => {};
  }
}

/** A namespace of `ip netns` on the host, whenever it comes: its folder is mounted here. */
class Namespace implements Destination {
  readonly #path: string;
  readonly #target: LinkTarget;
  readonly #end: FarEnd;

  constructor(target: LinkTarget, end: FarEnd) {
    this.#path = `${NAMED_NAMESPACES}/${target.name}`;
    this.#target = target;
    this.#end = end;
  }

  async deliver(): Promise<string | undefined> {
    const { waiting, name } = this.#end;
    const target = formatTarget(this.#target);
    if ((await readBirthLink(waiting)) === undefined) return undefined;
    if (!existsSync(NAMED_NAMESPACES))
      return `${name} is not in ${target}: ${NAMED_NAMESPACES} is not mounted`;
    const waits = `${name} waits for the namespace ${this.#target.name} of \`ip netns\`, and goes there by itself`;
    if (!existsSync(this.#path)) return waits;
    try {
      await run(inBirth(["ip", "link", "set", "dev", waiting, "netns", this.#path, "name", name]));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      // A file that is no namespace yet.
      if (/Invalid argument/i.test(error.stderr)) return waits;
      return `${name} does not get into ${target}: ${error.stderr.trim().split("\n").at(-1)}`;
    }
    await run(["nsenter", `--net=${this.#path}`, "ip", "link", "set", "dev", name, "up"]);
    log("info", `${name} is in ${target}`);
    return undefined;
  }

  watch(onChange: () => void): () => void {
    if (!existsSync(NAMED_NAMESPACES)) return () => {};
    const watcher = watch(NAMED_NAMESPACES, () => {
      onChange();
      setTimeout(onChange, MOUNTED_MS).unref();
    });
    return () => watcher.close();
  }
}
