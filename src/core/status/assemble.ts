import { memberRole, type MemberStatus } from "../members/registry.ts";
import type { ExpectedMembers, LabTold, Said, Silence } from "../members/member.ts";
import { ROLES } from "../members/role.ts";
import type { LabContainer } from "../plan/observed.ts";
import { labHealth } from "./derive.ts";
import type { ContainerState, LabStatus } from "./model.ts";

/** One container and what its agent said: a line of JSON, or why there is none. */
export interface Answer {
  readonly container: LabContainer;
  readonly line?: string;
  readonly failure?: string;
}

/** Makes a lab's status of its agents' answers. Members that others know of, but that are not there, appear as missing. */
export function assembleStatus(
  lab: string,
  answers: readonly Answer[],
  expected?: ExpectedMembers,
): LabStatus {
  const said = Object.fromEntries(
    ROLES.map((role) => [role, answers.filter(({ container }) => container.role === role).map(listen)]),
  ) as unknown as LabTold["said"];
  const told: LabTold = { said, expected };
  const members = { providers: [], cpes: [], hosts: [] };
  for (const role of ROLES) Object.assign(members, memberRole(role).inStatus?.report(told));
  return { lab, healthy: labHealth({ lab, ...members }), ...members };
}

/** What a member said; of one that did not answer, its silence and the reason. */
function listen({ container, line, failure }: Answer): Said<MemberStatus> {
  const { name, role, state, labels } = container;
  const silent = (silence: Omit<Silence, "name">): Said<MemberStatus> => ({
    status: memberRole(role).silent({ name, ...silence }),
    labels,
  });
  if (state === "restarting") {
    const message = "its container starts again and again; see: mhlab logs " + name;
    return silent({ state: "restarting", problem: { code: "restarting", message } });
  }
  if (state !== "running") {
    const message = `its container is ${state}; \`mhlab up\` starts it`;
    return silent({ state: "stopped", problem: { code: "stopped", message } });
  }
  const status = line === undefined ? undefined : parse(line);
  if (status !== undefined) return { status, labels };
  const message = `its agent does not answer: ${failure ?? "no JSON came"}`;
  return silent({
    state: "degraded" satisfies ContainerState,
    problem: { code: "agent-silent", message },
  });
}

/** A status always names its member; `{"error": …}` is the agent's way to say that it could not. */
function parse(line: string): MemberStatus | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "name" in value
      ? (value as MemberStatus)
      : undefined;
  } catch {
    return undefined;
  }
}
