import { keeper } from "../../core/model/status/internet.ts";
import { parseHostLinks, type HostLinkWord } from "../../core/model/links/host-link.ts";
import { parseNicMark } from "../../core/model/host/nic-record.ts";
import { readDocument } from "../../core/model/document.ts";
import { KEEPER_FILE, KEEPER_NAME } from "../../core/model/names.ts";
import type { KeeperStatus } from "../../core/model/status/model.ts";
import type { Clock } from "../clock.ts";
import { readIfThere } from "../files.ts";
import { log } from "../log.ts";
import { readBirthLink } from "../net/link.ts";
import { watchNetwork } from "../net/watch.ts";
import { serveAppliance, type Appliance } from "../serve/appliance.ts";
import { Loop } from "../supervise/loop.ts";
import { Carrier } from "./carrier.ts";
import { restoreNic } from "../links/nic-home.ts";

/** Events lead to a look; this is for one that was missed. */
const CHECK_MS = 30_000;
/** A burst of events, as when containers start, leads to one look. */
const GATHER_MS = 500;
/** A BNG that the engine starts again takes its interface within this time; one that is killed by hand never does. */
const GRACE_MS = 2000;

/** An interface that lies in the host's namespace and bears its provider's mark; `ripe` when nobody takes it any more. */
interface Left {
  readonly identity: string;
  ripe: boolean;
}

/**
 * Outlives the BNGs of a lab, and makes the interfaces of those that were killed what they were: the kernel only brings
 * them home, bare and down. Besides, it has links brought into containers, where BNGs do not reach.
 */
class Keeper implements Appliance<KeeperStatus> {
  readonly role = "keeper";
  readonly shape = keeper;
  readonly name: string;
  onChange = (): void => {};
  readonly #lent: readonly HostLinkWord[];
  readonly #carrier: Carrier;
  readonly #left = new Map<string, Left>();
  readonly #loop = new Loop("lent interfaces", CHECK_MS, () => this.#forEach((held) => this.#look(held)));
  #stopWatching: (() => void) | undefined;
  #gathering = false;

  constructor(name: string, lent: readonly HostLinkWord[], carried: readonly HostLinkWord[]) {
    this.name = name;
    this.#lent = lent;
    this.#carrier = new Carrier(carried);
  }

  start(): void {
    this.#stopWatching = watchNetwork(["link"], "birth", () => this.#gather());
    this.#loop.start();
    this.#carrier.start();
  }

  /** Without patience: the lab goes, its BNGs went before. One that is just starting puts its mark on again. */
  async stop(): Promise<void> {
    this.#loop.stop();
    this.#carrier.stop();
    this.#stopWatching?.();
    await this.#forEach((held) => this.#restore(held));
  }

  resync(): void {
    this.#loop.poke();
    this.#carrier.poke();
  }

  status(): KeeperStatus {
    const lent = this.#lent.map(({ provider, interface: name }) => ({
      provider,
      interface: name,
      left: this.#left.has(name),
    }));
    return { role: this.role, name: this.name, state: "running", ready: true, lent };
  }

  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    setTimeout(() => {
      this.#gathering = false;
      this.resync();
    }, GATHER_MS);
  }

  /** One that cannot be restored does not keep the others away. */
  async #forEach(act: (held: HostLinkWord) => Promise<void>): Promise<void> {
    const results = await Promise.allSettled(this.#lent.map(act));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  async #look(held: HostLinkWord): Promise<void> {
    const name = held.interface;
    const link = await readBirthLink(name);
    if (link === undefined || parseNicMark(link.ifalias)?.provider !== held.provider) {
      if (this.#left.delete(name)) this.onChange();
      return;
    }
    const identity = `${link.ifindex} ${link.ifalias}`;
    const left = this.#left.get(name);
    if (left?.identity !== identity) {
      this.#notice(name, identity);
      return;
    }
    if (!left.ripe) return;
    await this.#restore(held);
    this.#left.delete(name);
    this.onChange();
  }

  #notice(name: string, identity: string): void {
    const left: Left = { identity, ripe: false };
    this.#left.set(name, left);
    this.onChange();
    setTimeout(() => {
      left.ripe = true;
      this.#loop.poke();
    }, GRACE_MS);
  }

  async #restore({ provider, interface: name }: HostLinkWord): Promise<void> {
    if (await restoreNic(provider, name)) log("info", `${name} was left by ${provider}; it is what it was`);
  }
}

/** The role of the keeper; exits 2 when it is told of nothing to do. */
export async function runKeeper(clock: Clock): Promise<void> {
  const document = readDocument(readIfThere(KEEPER_FILE) ?? "") ?? {};
  const [lent = [], carried = []] = [document["lent"], document["carried"]].map((words) =>
    Array.isArray(words) ? parseHostLinks(words.join(" ")) : [],
  );
  if (lent.length + carried.length === 0) {
    log(
      "error",
      `neither lent nor carried in ${KEEPER_FILE} names a link; each is a list of provider/interface/link`,
    );
    process.exitCode = 2;
    return;
  }
  const { name = KEEPER_NAME } = document;
  for (const { provider, interface: nic } of lent) log("info", `${nic} is lent to ${provider}`);
  for (const { provider, link } of carried) log("info", `${provider}'s ${link} is brought to its place`);
  await serveAppliance(new Keeper(typeof name === "string" ? name : KEEPER_NAME, lent, carried), clock);
}
