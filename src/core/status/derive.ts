import type { MemberInLab } from "../members/member.ts";
import { memberRole } from "../members/registry.ts";
import { ROLES } from "../members/role.ts";
import type { LabStatus, Problem } from "./model.ts";

/** A problem with the member of the lab that has it. */
export interface MemberProblem extends Problem {
  readonly member: string;
}

type LabMembers = Omit<LabStatus, "healthy">;

/** Whether every part of a lab does what it should. */
export function labHealth(lab: LabMembers): boolean {
  return lab.providers.length + lab.cpes.length > 0 && membersIn(lab).every(({ healthy }) => healthy);
}

/** Every problem of a lab, by role: what the agents say, and delegations without a route. */
export function labProblems(lab: LabMembers): MemberProblem[] {
  return membersIn(lab).flatMap(({ name, problems }) =>
    problems.map((problem) => ({ ...problem, member: name })),
  );
}

function membersIn(lab: LabMembers): MemberInLab[] {
  return ROLES.flatMap((role) => memberRole(role).inStatus?.members(lab) ?? []);
}
