import { setTimeout as sleep } from "node:timers/promises";
import type { Delegation } from "../../../src/core/model/status/model.ts";
import type { HandBng } from "../support/bng.ts";
import { eventually, run } from "../support/sandbox.ts";
import type { Plugged } from "./access.ts";
import { startClient, type ClientFixture } from "./fixtures.ts";
import { listenToClient, type Messages } from "./messages.ts";
import { secondsSince, type Observation } from "./observation.ts";

/** T1 and its friends in seconds: short enough to see renewals, long enough to tell them from reactions to a cable. */
export const T1_S = 12;
export const T2_S = 30;
export const TIMERS = {
  "delegation.renew": `${T1_S}s`,
  "delegation.rebind": `${T2_S}s`,
  "delegation.preferred": "60s",
  "delegation.valid": "90s",
};
/** The status counts whole seconds. */
const ROUNDING_MS = 2000;
const ATTACH_MS = 20_000;
const UNPLUGGED_MS = 2000;
/** How long after a plugged cable a client's reaction is waited for. */
const REACTION_MS = 4000;
const INTERNET = "2001:db8::1";

/** One client at one BNG, taken through its life; each step writes down what was seen. */
export class Customer {
  readonly fixture: ClientFixture;
  readonly #cell: Plugged;
  readonly #bng: HandBng;
  readonly #messages: Messages;
  #said: () => string = () => "";
  #prefix = "";
  #lan = "";
  #attachedAt = 0;
  #leasedAt = 0;
  readonly seen: Observation;

  static async moveIn(fixture: ClientFixture, cell: Plugged, bng: HandBng): Promise<Customer> {
    const version = (await run(["dpkg-query", "-W", "-f", "${Version}", fixture.package])).stdout;
    return new Customer(fixture, cell, bng, { messages: await listenToClient(cell), version });
  }

  private constructor(
    fixture: ClientFixture,
    cell: Plugged,
    bng: HandBng,
    { messages, version }: { messages: Messages; version: string },
  ) {
    this.fixture = fixture;
    this.#cell = cell;
    this.#bng = bng;
    this.#messages = messages;
    this.seen = { client: fixture.name, version, releasedBy: fixture.releasedBy };
  }

  /** What the client printed, for a failure's message. */
  get said(): string {
    return this.#said();
  }

  /** Starts the client; a prefix is delegated and routed, and carries packets. */
  async attach(): Promise<void> {
    const from = performance.now();
    const client = await startClient(this.#cell, this.fixture);
    this.#said = () => client.said();
    const delegation = await this.#delegated(ATTACH_MS);
    const { prefix } = delegation;
    const seconds = secondsSince(from);
    this.#prefix = prefix;
    this.#attachedAt = performance.now();
    this.#leasedAt = leaseStart(delegation);
    this.#lan = prefix.replace("00::/56", "01::1");
    const numbersLan = await this.#numbersLan();
    if (!numbersLan)
      await this.#cell.run(["ip", "addr", "replace", `${this.#lan}/64`, "dev", "lan0", "nodad"]);
    await this.#reaches(10_000);
    this.seen.attached = { seconds, messages: this.#messages.since(from), numbersLan };
  }

  /** Waits for the next renewal and sees that the lease starts over. */
  async renew(): Promise<void> {
    const from = this.#attachedAt;
    const before = this.#leasedAt;
    await this.#awaitRenewal();
    const seconds = secondsSince(before, this.#leasedAt);
    // The lease may tell of a renewal before tcpdump has printed the message.
    await eventually(() => this.#heardSince(from), { timeoutMs: 3000, everyMs: 50 });
    this.seen.renewed = { seconds, messages: this.#messages.since(from) };
  }

  /** Pulls the cable and plugs it in again. */
  async flap(): Promise<void> {
    // Right after a renewal, so that the next one is not taken for a reaction.
    await this.#awaitRenewal({ fresh: true });
    await this.#cell.cable("down");
    await sleep(UNPLUGGED_MS);
    const from = performance.now();
    await this.#cell.cable("up");
    await this.#served(ATTACH_MS);
    const seconds = secondsSince(from);
    await sleep(Math.max(0, REACTION_MS - (performance.now() - from)));
    this.seen.reattached = { seconds, messages: this.#messages.since(from) };
    await this.#served(1000);
  }

  /** Call with the moment at which the BNG was restarted: packets flow again, and the next renewal works. */
  async outliveRestart(from: number): Promise<void> {
    await this.#served(ATTACH_MS);
    const seconds = secondsSince(from);
    this.#leasedAt = Math.max(this.#leasedAt, from - ROUNDING_MS);
    await this.#awaitRenewal();
    await this.#served(2000);
    this.seen.restarted = { seconds, messages: this.#messages.since(from) };
  }

  /** Asks the client to release; whether the route goes is data, not a failure. */
  async release(): Promise<void> {
    const from = performance.now();
    await this.#cell.run(this.fixture.release, { check: false, timeoutMs: 20_000 });
    const gone = await eventually(() => this.#notDelegated(), { timeoutMs: 6000, everyMs: 100 }).then(
      () => true,
      () => false,
    );
    const seconds = secondsSince(from);
    const messages = this.#messages.since(from);
    this.seen.released = { seconds: gone ? seconds : null, messages };
  }

  async #notDelegated(): Promise<void> {
    const { delegations } = await this.#bng.status();
    if (delegations.some(({ prefix }) => prefix === this.#prefix)) throw new Error("still delegated");
  }

  async #delegated(timeoutMs: number): Promise<Delegation> {
    return await eventually(
      async () => {
        const own = await this.#linkLocals();
        const { delegations } = await this.#bng.status();
        const found = delegations.find(({ via, routed }) => routed && own.includes(via ?? ""));
        if (found === undefined)
          throw new Error(`not delegated to ${own.join(", ")}: ${JSON.stringify(delegations)}`);
        return found;
      },
      { timeoutMs, everyMs: 100 },
    );
  }

  async #linkLocals(): Promise<string[]> {
    const show = ["ip", "-j", "-6", "addr", "show", "dev", "wan0", "scope", "link"];
    const links = JSON.parse((await this.#cell.run(show)).stdout) as { addr_info?: { local: string }[] }[];
    return links.flatMap(({ addr_info = [] }) => addr_info.map(({ local }) => local));
  }

  async #numbersLan(): Promise<boolean> {
    return await eventually(
      async () => {
        const { stdout } = await this.#cell.run(["ip", "-6", "-br", "addr", "show", "dev", "lan0"]);
        const network = this.#prefix.replace(/00::.*/, "");
        const own = stdout.split(/\s+/).find((word) => word.startsWith(network));
        if (own === undefined) throw new Error(stdout);
        this.#lan = own.replace(/\/.*/, "");
        return true;
      },
      { timeoutMs: 3000 },
    ).catch(() => false);
  }

  /** The delegation is the same as ever, routed, and packets come back through it. */
  async #served(timeoutMs: number): Promise<void> {
    const { prefix } = await this.#delegated(timeoutMs);
    if (prefix !== this.#prefix) throw new Error(`it was delegated ${this.#prefix}, and now has ${prefix}`);
    await this.#reaches(timeoutMs);
  }

  #heardSince(moment: number): void {
    if (this.#messages.since(moment).length === 0) throw new Error("its lease started over, it sent nothing");
  }

  async #reaches(timeoutMs: number): Promise<void> {
    const ping = ["ping", "-6", "-c", "1", "-W", "1", "-I", this.#lan, INTERNET];
    await eventually(() => this.#cell.run(ping), { timeoutMs, everyMs: 100 });
  }

  /** Waits until the delegation's lease starts over; clients may ask for addresses and prefixes by messages of their own. */
  async #awaitRenewal({ fresh = false } = {}): Promise<void> {
    const before = this.#leasedAt;
    this.#leasedAt = await eventually(
      async () => {
        const start = leaseStart(await this.#delegated(1000));
        const isNew = start > before + ROUNDING_MS && (!fresh || start > performance.now() - ROUNDING_MS);
        if (!isNew) throw new Error(`no renewal: the lease is ${secondsSince(start)} s old`);
        return start;
      },
      { timeoutMs: (T2_S + 5) * 1000, everyMs: 100 },
    );
  }
}

/** When a lease was given or renewed, as performance.now() counts; to a second. */
function leaseStart({ validS, expiresAt }: Delegation): number {
  return performance.now() + Date.parse(expiresAt) - Date.now() - validS * 1000;
}
