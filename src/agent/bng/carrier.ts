import { statSync } from "node:fs";

import { parseLink } from "../../core/model/links/environment.ts";
import type { HostLinkWord } from "../../core/model/links/host-link.ts";
import { containerTarget, waitingName } from "../../core/model/links/veth.ts";
import { CONTAINER_NAMESPACES } from "../../core/model/names.ts";
import { log } from "../log.ts";
import { readBirthLink } from "../net/link.ts";
import { Loop } from "../supervise/loop.ts";
import { bringInto, Refusal, type FarEnd } from "../links/destination.ts";
import { containerNetwork } from "./engine-records.ts";

/** Events lead to a look; this is for one that was missed. */
const CHECK_MS = 30_000;
/** While something waits, how often it is seen whether a container came; one stat(2) each. */
const LOOK_MS = 500;
/** The engine mounts a container's namespace first, and writes down whose it is up to some seconds later. */
const LOOKS_AFTER_CHANGE = 10;

interface Carried extends FarEnd {
  readonly container: string;
}

/** Brings the waiting ends of veths into the containers that lab files name, whenever these come or come again. */
export class Carrier {
  readonly #carried: readonly Carried[];
  readonly #loop: Loop;
  /** Why an end was not taken, said once. */
  readonly #refused = new Map<string, string>();
  #looking: NodeJS.Timeout | undefined;
  #seen: number | undefined;
  #looks = 0;

  /** Throws when a word is no veth into a container. */
  constructor(words: readonly HostLinkWord[]) {
    this.#carried = words.map(readCarried);
    this.#loop = new Loop("links into containers", CHECK_MS, () => this.#tick());
  }

  start(): void {
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
    this.#look(false);
  }

  /** Something changed in the host's namespace: an end may have come. */
  poke(): void {
    this.#looks = LOOKS_AFTER_CHANGE;
    this.#loop.poke();
  }

  async #tick(): Promise<void> {
    let waiting = false;
    for (const carried of this.#carried) if (!(await this.#carry(carried))) waiting = true;
    this.#look(waiting);
  }

  /** Whether nothing of it waits any more. */
  async #carry(carried: Carried): Promise<boolean> {
    const { waiting, name, container } = carried;
    if ((await readBirthLink(waiting)) === undefined) return true;
    const path = await containerNetwork(container);
    if (path === undefined) return false;
    try {
      if (!(await bringInto(path, carried))) return false;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const why = `${name} does not get into container:${container}: ${error.message}`;
      if (this.#refused.get(waiting) !== why) log("warn", why);
      this.#refused.set(waiting, why);
      return false;
    }
    this.#refused.delete(waiting);
    log("info", `${name} is in container:${container}`);
    return true;
  }

  #look(waiting: boolean): void {
    if (waiting === (this.#looking !== undefined)) return;
    clearInterval(this.#looking);
    this.#looking = waiting ? setInterval(() => this.#lookForContainers(), LOOK_MS) : undefined;
  }

  #lookForContainers(): void {
    const seen = statSync(CONTAINER_NAMESPACES, { throwIfNoEntry: false })?.mtimeMs;
    if (seen !== this.#seen) this.#looks = LOOKS_AFTER_CHANGE;
    this.#seen = seen;
    if (this.#looks === 0) return;
    this.#looks -= 1;
    this.#loop.poke();
  }
}

function readCarried({ provider, link: word }: HostLinkWord): Carried {
  const link = parseLink(word);
  const container = link === undefined ? undefined : containerTarget(link);
  if (link?.kind !== "veth" || link.into === undefined || container === undefined)
    throw new Error(`'${word}' is no veth into a container`);
  return { waiting: waitingName(provider, link.peer, link.into), name: link.peer, container };
}
