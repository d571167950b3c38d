/** What VLANs and macvlans have in common: an interface of the host that carries them and stays where it is. */
import { ok, warn, type Finding } from "../host/finding.ts";
import type { HostLook } from "./kind.ts";

/** What is said of it in the schema. */
export const PARENT = "The interface that carries it.";
/** Stands for a card where none is known. */
export const SOME_CARD = "enp2s0";

/** Whether it is there, and up: a child cannot be up without it. */
export function parentFinding(parent: string, { id, network }: HostLook): Finding {
  const link = network.links.find(({ ifname }) => ifname === parent);
  if (link === undefined)
    return warn(id, `${parent} is not in the host's network; the BNG will wait for it`, "ip -br link");
  if (link.flags.includes("UP")) return ok(id, `${parent} is there and up`);
  return warn(id, `${parent} is down on the host`, `sudo ip link set ${parent} up`);
}
