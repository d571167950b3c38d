import { outerName, type VlanLink } from "../../core/model/links/vlan.ts";
import { log } from "../log.ts";
import { inBirth, run } from "../programs/command.ts";
import { readBirthLink } from "../net/link.ts";
import { ChildLink } from "./child.ts";
import type { MakerKind } from "./maker.ts";

const OUTER_MARK = "mhlab:qinq";

/** A VLAN, or a VLAN in a VLAN, of an interface that stays on the host. */
export const vlan: MakerKind<VlanLink> = {
  make(options, { parent, id, outer }) {
    const type = ["vlan", "id", String(id)];
    if (outer === undefined) return new ChildLink(options, parent, { type });
    const { node } = options;
    return new ChildLink(options, parent, {
      type,
      carrier: {
        hold: () => holdOuter(parent, outer, node),
        drop: () => dropOuter(outerName(parent, outer), node),
      },
    });
  },
  async restore({ provider: node }, { parent, outer }) {
    if (outer !== undefined) await dropOuter(outerName(parent, outer), node);
  },
};

/** An alternative name on the outer VLAN stands for each node that uses it: the kernel adds and removes them one at a time. */
function userName(outer: string, node: string): string {
  return `mhlab.${outer}.${node}`;
}

/** Makes the interface of a service tag (802.1ad) on the host unless another node did, and notes that it is used. */
async function holdOuter(parent: string, outer: number, node: string): Promise<string> {
  const name = outerName(parent, outer);
  if ((await readBirthLink(name)) === undefined) {
    const kind = ["type", "vlan", "proto", "802.1ad", "id", String(outer)];
    await run(inBirth(["ip", "link", "add", "link", parent, "name", name, ...kind]));
    await run(inBirth(["ip", "link", "set", "dev", name, "addrgenmode", "none", "alias", OUTER_MARK]));
    log("info", `made ${name} for the service tag ${outer} on ${parent}`);
  }
  await run(inBirth(["ip", "link", "set", "dev", name, "up"]));
  const found = await readBirthLink(name);
  const user = userName(name, node);
  if (found?.altnames?.includes(user) !== true) {
    await run(inBirth(["ip", "link", "property", "add", "dev", name, "altname", user]));
  }
  return name;
}

/** Notes that a node does not use it any more; the last one takes it away. */
async function dropOuter(name: string, node: string): Promise<void> {
  const user = userName(name, node);
  const found = await readBirthLink(name);
  if (found === undefined || found.ifalias !== OUTER_MARK) return;
  if (found.altnames?.includes(user) === true) {
    await run(inBirth(["ip", "link", "property", "del", "dev", name, "altname", user]));
  }
  const left = (await readBirthLink(name))?.altnames ?? [];
  if (left.some((altname) => altname.startsWith(`mhlab.${name}.`))) return;
  await run(inBirth(["ip", "link", "del", "dev", name]));
}
