import type { MemberStatus, StatusOf } from "../status/model.ts";
import { bng } from "./bng.ts";
import { cpe } from "./cpe.ts";
import { host } from "./host.ts";
import { internet } from "./internet.ts";
import { keeper } from "./keeper.ts";
import type { MemberRole } from "./member.ts";
import type { Role } from "./role.ts";

/** Every role's record. */
export const MEMBERS = { bng, internet, cpe, host, keeper } as const satisfies {
  readonly [R in Role]: MemberRole<StatusOf[R]>;
};

/** The record of a role that is known only when the program runs; what it gets must be a status of that role. */
export function memberRole(role: Role): MemberRole<MemberStatus> {
  return MEMBERS[role];
}
