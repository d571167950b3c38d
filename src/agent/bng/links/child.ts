import { outerName, type BngLink } from "../../../core/bng/link.ts";
import type { Problem } from "../../../core/status/model.ts";
import { log } from "../../log.ts";
import { inBirth, run } from "../../net/command.ts";
import { deleteLink, readBirthLink, temporaryName } from "../../net/link.ts";
import { markOf, type LinkMaker, type MakerOptions } from "./maker.ts";

type ChildKind = Extract<BngLink, { kind: "vlan" | "macvlan" }>;

/** A VLAN, a VLAN in a VLAN or a macvlan of an interface that stays on the host. */
export class ChildLink implements LinkMaker {
  readonly awaited: string;
  readonly #options: MakerOptions;
  readonly #link: ChildKind;
  #problems: readonly Problem[] = [];

  constructor(options: MakerOptions, link: ChildKind) {
    this.awaited = link.parent;
    this.#options = options;
    this.#link = link;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  async acquire(): Promise<boolean> {
    if (!(await this.#parentIsUp())) return false;
    const parent =
      this.#link.kind === "vlan" && this.#link.outer !== undefined
        ? await holdOuter(this.#link.parent, this.#link.outer, this.#options.provider)
        : this.#link.parent;
    const { name, provider } = this.#options;
    const temporary = temporaryName();
    const target = String(process.pid);
    const words = ["link", parent, "name", temporary, "netns", target, "type", ...kindWords(this.#link)];
    await run(inBirth(["ip", "link", "add", ...words]));
    await run(["ip", "link", "set", "dev", temporary, "name", name, "alias", markOf(provider)]);
    return true;
  }

  async keep(): Promise<void> {
    await this.#parentIsUp();
  }

  async release(): Promise<void> {
    await deleteLink(this.#options.name);
    if (this.#link.kind === "vlan" && this.#link.outer !== undefined) {
      await dropOuter(outerName(this.#link.parent, this.#link.outer), this.#options.provider);
    }
  }

  /** A child cannot be up while its parent is down; the parent is the host's, so it is named and left alone. */
  async #parentIsUp(): Promise<boolean> {
    const parent = await readBirthLink(this.awaited);
    const down = parent !== undefined && !parent.flags.includes("UP");
    const message = `${this.awaited} is down on the host; there: sudo ip link set ${this.awaited} up`;
    this.#problems = down ? [{ code: "parent-down", message }] : [];
    return parent !== undefined && !down;
  }
}

function kindWords(link: ChildKind): string[] {
  return link.kind === "vlan" ? ["vlan", "id", String(link.id)] : ["macvlan", "mode", "bridge"];
}

/** An alternative name on the outer VLAN stands for each provider that uses it: the kernel adds and removes them one at a time. */
function userName(outer: string, provider: string): string {
  return `mhlab.${outer}.${provider}`;
}

/** Makes the interface of a service tag (802.1ad) on the host unless another provider did, and notes that it is used. */
async function holdOuter(parent: string, outer: number, provider: string): Promise<string> {
  const name = outerName(parent, outer);
  if ((await readBirthLink(name)) === undefined) {
    const kind = ["type", "vlan", "proto", "802.1ad", "id", String(outer)];
    await run(inBirth(["ip", "link", "add", "link", parent, "name", name, ...kind]));
    await run(inBirth(["ip", "link", "set", "dev", name, "addrgenmode", "none", "alias", "mhlab:qinq"]));
    log("info", `made ${name} for the service tag ${outer} on ${parent}`);
  }
  await run(inBirth(["ip", "link", "set", "dev", name, "up"]));
  const found = await readBirthLink(name);
  const user = userName(name, provider);
  if (found?.altnames?.includes(user) !== true) {
    await run(inBirth(["ip", "link", "property", "add", "dev", name, "altname", user]));
  }
  return name;
}

/** Notes that a provider does not use it any more; the last one takes it away. Whether it did. */
export async function dropOuter(name: string, provider: string): Promise<boolean> {
  const user = userName(name, provider);
  const found = await readBirthLink(name);
  if (found === undefined || found.ifalias !== "mhlab:qinq") return false;
  if (found.altnames?.includes(user) === true) {
    await run(inBirth(["ip", "link", "property", "del", "dev", name, "altname", user]));
  }
  const left = (await readBirthLink(name))?.altnames ?? [];
  if (left.some((altname) => altname.startsWith(`mhlab.${name}.`))) return false;
  await run(inBirth(["ip", "link", "del", "dev", name]));
  return true;
}
