import type { NodeInLab } from "../../render/nodes/node.ts";
import { nodeRole } from "../../render/nodes/registry.ts";
import { ROLES } from "../../model/role.ts";
import { isAsked } from "../../model/status/explain.ts";
import type { LabStatus, Problem } from "../../model/status/model.ts";

/** A problem with the node of the lab that has it. */
export interface NodeProblem extends Problem {
  readonly node: string;
}

type LabNodes = Omit<LabStatus, "healthy">;

/** Whether every part of a lab does what it should. */
export function labHealth(lab: LabNodes): boolean {
  const { providers, cpes, engines = [] } = lab;
  return (
    providers.length + cpes.length > 0 &&
    engines.every(({ reachable }) => reachable) &&
    nodesIn(lab).every(({ healthy }) => healthy)
  );
}

/** Whether something was asked of a lab's providers, and every part of it that does not do what it should has a fault or problems that are explained by that. */
export function labAsked(lab: LabNodes): boolean {
  const wanting = nodesIn(lab).filter(({ healthy }) => !healthy);
  return (
    lab.providers.some(isAsked) &&
    (lab.engines ?? []).every(({ reachable }) => reachable) &&
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
export function labProblems(lab: LabNodes): NodeProblem[] {
  const engines = (lab.engines ?? []).flatMap(({ name, host, problem }): NodeProblem[] => {
    if (problem === null) return [];
    const message = `the engine at ${host} does not answer: ${problem}`;
    return [{ node: name, code: "engine-unreachable", message }];
  });
  const nodes = nodesIn(lab).flatMap(({ name, problems }) =>
    problems.map((problem) => ({ ...problem, node: name })),
  );
  return [...engines, ...nodes];
}

function nodesIn(lab: LabNodes): NodeInLab[] {
  const devices = (lab.devices ?? []).map(({ name, ready, problems }): NodeInLab => ({
    name,
    healthy: ready,
    problems,
  }));
  return [...ROLES.flatMap((role) => nodeRole(role).inStatus?.nodes(lab) ?? []), ...devices];
}
