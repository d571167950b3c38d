import type { BngConfig } from "../../core/render/bng/config.ts";
import { liveNetworks } from "../../core/render/bng/networks.ts";
import { addressIn, formatIp6 } from "../../core/model/ip6.ts";
import { placeOf } from "../../core/model/links/bng.ts";
import type { Neighbour, Problem, SubscriberStatus } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import type { Intent } from "../intent/intent.ts";
import { log } from "../log.ts";
import { runIp } from "../programs/ip.ts";
import { SteadyLink } from "../net/glance.ts";
import { hasCarrier, type Link } from "../net/link.ts";
import { watchNetwork } from "../net/watch.ts";
import { Loop } from "../supervise/loop.ts";
import type { LinkMaker } from "../links/maker.ts";
import { linkMaker } from "../links/registry.ts";

const CHECK_MS = 5000;
const QUIET_CHECK_MS = 30_000;
/** The kernel removes no entry that it still probes: a forged one is gone after 2 s, not 8 (RFC 4861 10). */
const BRIEF_PROBES = "delay_probe 1000 ucast_probes 1";

export interface SubscriberOptions {
  readonly intent: Intent<BngConfig>;
  readonly clock: Clock;
  /** Whether a fault wants it down, whenever it is asked. */
  readonly isDown: () => boolean;
  /** Runs whenever a link (new by its index) is numbered and up. */
  readonly onReady: (link: Link) => Promise<void>;
  readonly onChange: () => void;
}

/** The subscriber link: waited for, claimed or made, numbered, and claimed again when it comes back. */
export class Subscriber {
  readonly #intent: Intent<BngConfig>;
  readonly #isDown: () => boolean;
  readonly #onReady: (link: Link) => Promise<void>;
  readonly #onChange: () => void;
  readonly #loop: Loop;
  readonly #maker: LinkMaker;
  readonly #port: SteadyLink;
  #stopWatching: (() => void) | undefined;
  #stopWaiting: (() => void) | undefined;
  #link: Link | undefined;
  #ready: number | undefined;
  /** Addresses of prefixes that the provider has or had. */
  readonly #given = new Set<string>();

  constructor({ intent, clock, isDown, onReady, onChange }: SubscriberOptions) {
    const { config } = intent;
    this.#intent = intent;
    this.#isDown = isDown;
    this.#onReady = onReady;
    this.#onChange = onChange;
    this.#maker = linkMaker(config.name, config.subscriber, clock);
    this.#port = new SteadyLink(config.subscriber.interface, clock);
    const checkMs = this.#maker.quiet === true ? QUIET_CHECK_MS : CHECK_MS;
    this.#loop = new Loop("subscriber link", checkMs, () => this.#tick());
  }

  get #config(): BngConfig {
    return this.#intent.config;
  }

  get failure(): string | undefined {
    return this.#loop.failure;
  }

  start(): void {
    this.#stopWatching = this.#maker.watch?.(() => this.#loop.poke());
    this.#loop.start();
  }

  /** Compares now, as after an event of the kernel. */
  poke(): void {
    this.#loop.poke();
  }

  /** The same; resolves when it was compared. */
  async follow(): Promise<void> {
    await this.#loop.once();
  }

  /** Stops watching and gives back what belongs to the host. */
  async stop(): Promise<void> {
    this.#loop.stop();
    this.#stopWatching?.();
    this.#wait(false);
    await this.#maker.release();
  }

  /** What is wrong with the link, as far as its host's side and its presence go. */
  get problems(): Problem[] {
    const problems = [...this.#maker.problems];
    if (this.#link === undefined && problems.length === 0) {
      const message = this.failure ?? `the interface ${this.awaited} is not in the host's namespace`;
      problems.push({ code: "no-subscriber", message });
    }
    return problems;
  }

  /** MAC addresses on the link that are the provider's own side of it. */
  get ownMacs(): readonly string[] {
    return this.#maker.ownMacs ?? [];
  }

  status(neighbours: Neighbour[]): SubscriberStatus {
    const link = this.#link;
    return {
      kind: this.#config.subscriber.link.kind,
      interface: this.#config.subscriber.interface,
      place: placeOf(this.#config.subscriber),
      present: link !== undefined,
      carrier: link !== undefined && hasCarrier(link),
      mac: link?.address ?? null,
      neighbours,
    };
  }

  async #tick(): Promise<void> {
    let link = await this.#port.read();
    if (link === undefined) {
      if (!(await this.#maker.acquire())) {
        this.#note(undefined);
        this.#wait(true);
        return;
      }
      this.#wait(false);
      await this.#number();
      link = await this.#port.read();
    }
    if (link !== undefined) await this.#keep(link);
    if (link !== undefined && !this.#isNumbered(link) && !this.#isHeldDown(link)) {
      await this.#number(link);
      link = await this.#port.read();
    }
    this.#note(link);
    if (link !== undefined && link.ifindex !== this.#ready) {
      await this.#onReady(link);
      this.#ready = link.ifindex;
      this.#onChange();
    }
    if (link !== undefined && this.#isHeldDown(link) && link.flags.includes("UP")) {
      await runIp([`link set dev ${this.#config.subscriber.interface} down`]);
      this.#note(await this.#port.read());
    }
  }

  /** Only a link that was up once: whoever serves on it is there when it comes back. */
  #isHeldDown({ ifindex }: Link): boolean {
    return this.#isDown() && ifindex === this.#ready;
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
    return this.#maker.awaited;
  }

  async #keep(link: Link): Promise<void> {
    const before = JSON.stringify(this.#maker.problems);
    await this.#maker.keep(link);
    if (JSON.stringify(this.#maker.problems) !== before) this.#onChange();
  }

  #isNumbered(link: Link): boolean {
    return link.flags.includes("UP") && this.#changes(link).length === 0;
  }

  /** What makes the addresses what they should be: those of the prefixes come and go while the others stay. */
  #changes(link: Link | undefined): string[] {
    const { linkLocal, subscriber } = this.#config;
    const name = subscriber.interface;
    const own = formatIp6(linkLocal);
    const wanted = liveNetworks(this.#config).map(({ transfer }) => formatIp6(addressIn(transfer, 1n)));
    const present = new Set(link?.addr_info?.map(({ local }) => local));
    for (const address of wanted) this.#given.add(address);
    const gone = [...this.#given].filter((address) => present.has(address) && !wanted.includes(address));
    return [
      ...(present.has(own) ? [] : [`addr flush dev ${name} scope link`, addition(own, name)]),
      ...wanted.filter((address) => !present.has(address)).map((address) => addition(address, name)),
      ...gone.map((address) => `addr del ${address}/64 dev ${name}`),
    ];
  }

  /** Exactly one link-local address, without duplicate address detection: Kea answers once and binds at once. */
  async #number(link?: Link): Promise<void> {
    const name = this.#config.subscriber.interface;
    await runIp([
      `link set dev ${name} addrgenmode none`,
      `ntable change name ndisc_cache dev ${name} ${BRIEF_PROBES}`,
      ...this.#changes(link),
      `link set dev ${name} up`,
    ]);
  }
}

function addition(address: string, name: string): string {
  return `addr replace ${address}/64 dev ${name} nodad`;
}
