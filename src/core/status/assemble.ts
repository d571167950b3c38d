import { memberRole } from "../members/registry.ts";
import type { ExpectedMembers, LabTold, Said } from "../members/member.ts";
import { ROLES } from "../members/role.ts";
import { upFrom } from "../plan/container-state.ts";
import type { LabContainer } from "../plan/observed.ts";
import { FOREIGN, type Reply } from "../protocol/answer.ts";
import { labAsked, labHealth } from "./derive.ts";
import { withExplanations } from "./explain.ts";
import type { ContainerState, LabStatus, MemberStatus, Problem, Silence } from "./model.ts";

/** One container and what came of asking its agent; nothing when it was not asked. */
export interface Answer {
  readonly container: LabContainer;
  readonly reply?: Reply<MemberStatus>;
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
  const reported = { providers: [], cpes: [], hosts: [] };
  for (const role of ROLES) Object.assign(reported, memberRole(role).inStatus?.report(told));
  const members = withExplanations(reported);
  const healthy = labHealth({ lab, ...members });
  const asked = !healthy && labAsked({ lab, ...members }) ? { asked: true } : {};
  return { lab, healthy, ...asked, ...members };
}

/** What a member said, in its own name whatever it calls itself; of one that did not answer, its silence and the reason. */
function listen({ container, reply }: Answer): Said<MemberStatus> {
  const { name, role, state, labels } = container;
  const silent = (silence: Omit<Silence, "name">): Said<MemberStatus> => ({
    status: memberRole(role).silent({ name, ...silence }),
    labels,
  });
  if (state === "restarting") {
    const message = "its container starts again and again; see: mhlab logs " + name;
    return silent({ state: "restarting", problem: { code: "restarting", message } });
  }
  const up = upFrom(state);
  if (up !== undefined) {
    const code = state === "paused" ? "paused" : "stopped";
    const does = code === "paused" ? "unpauses" : `${up.action}s`;
    const message = `its container is ${state}; \`mhlab up\` ${does} it`;
    return silent({ state: "stopped", problem: { code, message } });
  }
  return reply?.kind === "answer" && reply.value.role === role
    ? { status: { ...reply.value, name }, labels }
    : silent({ state: "degraded" satisfies ContainerState, problem: silenceOf(reply) });
}

function silenceOf(reply: Answer["reply"]): Problem {
  if (reply?.kind === "foreign" || reply?.kind === "answer")
    return { code: "other-protocol", message: FOREIGN };
  const why = reply?.kind === "failure" ? reply.failure.error : (reply?.reason ?? "it was not asked");
  return { code: "agent-silent", message: `its agent does not answer: ${why}` };
}
