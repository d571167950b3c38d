import type { BngConfig } from "../../core/bng/config.ts";
import { addressIn, formatIp6 } from "../../core/ip6.ts";
import { BIRTH_NAMESPACE } from "../../core/names.ts";
import type { SubscriberStatus } from "../../core/status/model.ts";
import { log } from "../log.ts";
import { inBirth, run } from "../net/command.ts";
import {
  claimLink,
  createVeth,
  hasCarrier,
  readBirthLink,
  readLink,
  temporaryName,
  type Link,
} from "../net/link.ts";
import { watchNetwork } from "../net/watch.ts";
import { Loop } from "../supervise/loop.ts";

const CHECK_MS = 5000;

/** The subscriber link: waited for, claimed or made, numbered, and claimed again when it comes back. */
export class Subscriber {
  readonly #config: BngConfig;
  readonly #onReady: (link: Link) => Promise<void>;
  readonly #onChange: () => void;
  readonly #loop: Loop;
  #stopWatching: (() => void) | undefined;
  #stopWaiting: (() => void) | undefined;
  #link: Link | undefined;
  #ready: number | undefined;

  /** `onReady` runs whenever a link (new by its index) is numbered and up. */
  constructor(config: BngConfig, onReady: (link: Link) => Promise<void>, onChange: () => void) {
    this.#config = config;
    this.#onReady = onReady;
    this.#onChange = onChange;
    this.#loop = new Loop("subscriber link", CHECK_MS, () => this.#tick());
  }

  get link(): Link | undefined {
    return this.#link;
  }

  get failure(): string | undefined {
    return this.#loop.failure;
  }

  start(): void {
    this.#stopWatching = watchNetwork(["link"], "here", () => this.#loop.poke());
    this.#loop.start();
  }

  /** Stops watching and gives a claimed interface back to the namespace it came from. */
  async stop(): Promise<void> {
    this.#loop.stop();
    this.#stopWatching?.();
    this.#wait(false);
    const name = this.#config.subscriber.interface;
    if (this.#config.subscriber.link.kind !== "claim" || (await readLink(name)) === undefined) return;
    await run(["ip", "link", "set", "dev", name, "down"]);
    await run(["ip", "link", "set", "dev", name, "netns", BIRTH_NAMESPACE.split("/").at(-1) ?? "host"]);
    log("info", `${name} went back to the host`);
  }

  status(): SubscriberStatus {
    const link = this.#link;
    return {
      kind: this.#config.subscriber.link.kind,
      interface: this.#config.subscriber.interface,
      present: link !== undefined,
      carrier: link !== undefined && hasCarrier(link),
      mac: link?.address ?? null,
    };
  }

  async #tick(): Promise<void> {
    const name = this.#config.subscriber.interface;
    let link = await readLink(name);
    if (link === undefined) {
      if (!(await this.#acquire())) {
        this.#note(undefined);
        this.#wait(true);
        return;
      }
      this.#wait(false);
      link = await readLink(name);
    }
    if (link !== undefined && !this.#isNumbered(link)) {
      await this.#number();
      link = await readLink(name);
    }
    this.#note(link);
    if (link !== undefined && link.ifindex !== this.#ready) {
      await this.#onReady(link);
      this.#ready = link.ifindex;
      this.#onChange();
    }
  }

  /** The host's namespace is busy when many providers start, so it is watched only while something is awaited there. */
  #wait(waiting: boolean): void {
    if (waiting && this.#stopWaiting === undefined) {
      log("info", `waiting for the interface ${this.awaited} in the host's namespace`);
      this.#stopWaiting = watchNetwork(["link"], "birth", () => this.#loop.poke());
    } else if (!waiting) {
      this.#stopWaiting?.();
      this.#stopWaiting = undefined;
    }
  }

  #note(link: Link | undefined): void {
    const before = this.#link;
    this.#link = link;
    const changed =
      before?.ifindex !== link?.ifindex ||
      (before !== undefined && link !== undefined && hasCarrier(before) !== hasCarrier(link));
    if (changed) this.#onChange();
  }

  /** What must appear in the host's namespace for the link to be made. */
  get awaited(): string {
    const { link, interface: name } = this.#config.subscriber;
    if (link.kind === "vlan" || link.kind === "macvlan") return link.parent;
    return link.kind === "bridge" ? link.bridge : name;
  }

  /** Gets the link into this namespace; false when what it needs is not in the host's namespace yet. */
  async #acquire(): Promise<boolean> {
    const { interface: name, link } = this.#config.subscriber;
    const alias = `mhlab:${this.#config.name}`;
    switch (link.kind) {
      case "claim":
        if ((await readBirthLink(name)) === undefined) return false;
        await claimLink(name);
        log("info", `claimed ${name}`);
        return true;
      case "veth":
        await createVeth({ name, peer: link.peer, alias });
        return true;
      case "bridge": {
        if ((await readBirthLink(link.bridge)) === undefined) return false;
        const port = temporaryName();
        await createVeth({ name, peer: port, alias });
        await run(inBirth(["ip", "link", "set", "dev", port, "master", link.bridge]));
        return true;
      }
      case "vlan":
      case "macvlan": {
        if ((await readBirthLink(link.parent)) === undefined) return false;
        const kind =
          link.kind === "vlan"
            ? ["type", "vlan", "id", String(link.id)]
            : ["type", "macvlan", "mode", "bridge"];
        const temporary = temporaryName();
        const target = String(process.pid);
        await run(
          inBirth(["ip", "link", "add", "link", link.parent, "name", temporary, "netns", target, ...kind]),
        );
        await run(["ip", "link", "set", "dev", temporary, "name", name, "alias", alias]);
        return true;
      }
    }
  }

  #isNumbered(link: Link): boolean {
    const addresses = new Set(link.addr_info?.map((entry) => entry.local));
    return link.flags.includes("UP") && this.#addresses().every((address) => addresses.has(address.local));
  }

  #addresses(): { local: string; length: number }[] {
    return [
      { local: formatIp6(this.#config.linkLocal), length: 64 },
      { local: formatIp6(addressIn(this.#config.transfer, 1n)), length: 64 },
    ];
  }

  /** Exactly one link-local address, without duplicate address detection: Kea answers once and binds at once. */
  async #number(): Promise<void> {
    const name = this.#config.subscriber.interface;
    await run(["ip", "-6", "-batch", "-"], {
      input: [
        `link set dev ${name} addrgenmode none`,
        `addr flush dev ${name} scope link`,
        ...this.#addresses().map(({ local, length }) => `addr replace ${local}/${length} dev ${name} nodad`),
        `link set dev ${name} up`,
      ].join("\n"),
    });
  }
}
