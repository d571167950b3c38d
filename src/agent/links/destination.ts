import { existsSync, unwatchFile, watchFile } from "node:fs";

import { formatTarget, type LinkTarget } from "../../core/model/links/veth.ts";
import { NAMED_NAMESPACES } from "../../core/model/names.ts";
import { log } from "../log.ts";
import { CommandError, inBirth, run, runJson } from "../programs/command.ts";
import { readBirthLink, type Link } from "../net/link.ts";

/** Looked at by stat(2): the kernel allows 128 inotify instances to all that root runs, which is less than nodes. */
const LOOK_MS = 1000;

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

/** An end has to stay where it waits; the message says why. */
export class Refusal extends Error {}

/**
 * Brings the waiting end into the network namespace that is mounted at a path, and sets it up; false when none is mounted
 * there. Throws Refusal when it cannot be there.
 */
export async function bringInto(path: string, { waiting, name }: FarEnd): Promise<boolean> {
  const inside = (words: readonly string[]): string[] => ["nsenter", `--net=${path}`, "ip", ...words];
  let links: Link[];
  try {
    links = await runJson<Link>(inside(["-j", "link", "show"]));
  } catch (error) {
    // A file that is no namespace yet, or not any more.
    if (error instanceof CommandError && /Invalid argument|No such file/i.test(error.stderr)) return false;
    throw error;
  }
  // The kernel would bring it in all the same, under the name that it waits by.
  if (links.some(({ ifname }) => ifname === name)) throw new Refusal(`there is an interface ${name} already`);
  try {
    await run(inBirth(["ip", "link", "set", "dev", waiting, "netns", path, "name", name]));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new Refusal(error.stderr.trim().split("\n").at(-1));
  }
  await run(inside(["link", "set", "dev", name, "up"]));
  return true;
}

/** The destination that a lab file names. */
export function destination(target: LinkTarget, end: FarEnd): Destination {
  return target.kind === "netns" ? new Namespace(target, end) : new Container(target, end);
}

/** The network of a container is out of a BNG's reach, which hears strangers: the lab's keeper brings the end in. */
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
    return waits
      ? `${name} waits for the container ${this.#target.name}, and the lab's keeper brings it in`
      : undefined;
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
      if (!(await bringInto(this.#path, this.#end))) return waits;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return `${name} does not get into ${target}: ${error.message}`;
    }
    log("info", `${name} is in ${target}`);
    return undefined;
  }

  watch(onChange: () => void): () => void {
    // `ip netns add` makes the file first, and mounts a namespace on it a moment later: another device and inode.
    watchFile(this.#path, { interval: LOOK_MS }, onChange);
    return () => unwatchFile(this.#path, onChange);
  }
}
