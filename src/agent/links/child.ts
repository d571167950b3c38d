import type { Problem } from "../../core/model/status/model.ts";
import { inBirth, run } from "../programs/command.ts";
import { deleteLink, markOf, readBirthLink, temporaryName } from "../net/link.ts";
import type { LinkMaker, MakerOptions } from "./maker.ts";

export interface ChildOptions {
  /** Its type and settings, as iproute2 takes them. */
  readonly type: readonly string[];
  /** What stands between parent and child on the host, when it is not the parent itself; `hold` gives its name. */
  readonly carrier?: { hold(): Promise<string>; drop(): Promise<void> };
}

/** A child (VLAN, macvlan) of an interface that stays on the host. */
export class ChildLink implements LinkMaker {
  readonly awaited: string;
  readonly #options: MakerOptions;
  readonly #child: ChildOptions;
  #problems: readonly Problem[] = [];

  constructor(options: MakerOptions, parent: string, child: ChildOptions) {
    this.awaited = parent;
    this.#options = options;
    this.#child = child;
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  async acquire(): Promise<boolean> {
    if (!(await this.#parentIsUp())) return false;
    const parent = (await this.#child.carrier?.hold()) ?? this.awaited;
    const { name, node } = this.#options;
    const temporary = temporaryName();
    const target = String(process.pid);
    const words = ["link", parent, "name", temporary, "netns", target, "type", ...this.#child.type];
    await run(inBirth(["ip", "link", "add", ...words]));
    await run(["ip", "link", "set", "dev", temporary, "name", name, "alias", markOf(node)]);
    return true;
  }

  async keep(): Promise<void> {
    await this.#parentIsUp();
  }

  async release(): Promise<void> {
    await deleteLink(this.#options.name);
    await this.#child.carrier?.drop();
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
