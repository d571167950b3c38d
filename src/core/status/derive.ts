import type { MemberInLab } from "../members/member.ts";
import { memberRole } from "../members/registry.ts";
import { ROLES } from "../members/role.ts";
import { isAsked } from "./explain.ts";
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

/** Whether something was asked of a lab's providers, and every part of it that does not do what it should has a fault or problems that are explained by that. */
export function labAsked(lab: LabMembers): boolean {
  const wanting = membersIn(lab).filter(({ healthy }) => !healthy);
  return (
    lab.providers.some(isAsked) &&
    wanting.every(
      ({ name, problems }) =>
        problems.every(isExplained) &&
        (problems.length > 0 || lab.providers.some((one) => one.name === name && one.faults.length > 0)),
    )
  );
}

/** Whether a fault or a renumbering explains it. */
export function isExplained({ explainedBy = [] }: Problem): boolean {
  return explainedBy.length > 0;
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
