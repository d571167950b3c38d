import type { NodeStatus, StatusOf } from "../../model/status/model.ts";
import { bng } from "./bng.ts";
import { cpe } from "./cpe.ts";
import { host } from "./host.ts";
import { internet } from "./internet.ts";
import { keeper } from "./keeper.ts";
import type { NodeRole } from "./node.ts";
import type { Role } from "../../model/role.ts";

/** Every role's record. */
export const NODES = { bng, internet, cpe, host, keeper } as const satisfies {
  readonly [R in Role]: NodeRole<StatusOf[R]>;
};

/** The record of a role that is known only when the program runs; what it gets must be a status of that role. */
export function nodeRole(role: Role): NodeRole<NodeStatus> {
  return NODES[role];
}
