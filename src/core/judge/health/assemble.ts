import { nodeRole } from "../../render/nodes/registry.ts";
import { missing, unknown, type ExpectedNodes, type LabTold, type Said } from "../../render/nodes/node.ts";
import { Label } from "../../model/names.ts";
import { ROLES } from "../../model/role.ts";
import { UNKNOWN_STATE, upFrom } from "../../render/plan/container-state.ts";
import type { LabContainer } from "../../render/nodes/observed.ts";
import { FOREIGN, type Reply } from "../../model/protocol/answer.ts";
import { devicesOf } from "./devices.ts";
import { labAsked, labHealth } from "./derive.ts";
import { withExplanations } from "../../model/status/explain.ts";
import type {
  ContainerState,
  EngineStatus,
  LabStatus,
  NodeStatus,
  Problem,
  Silence,
} from "../../model/status/model.ts";

/** One container and what came of asking its agent; nothing when it was not asked. */
export interface Answer {
  readonly container: LabContainer;
  readonly reply?: Reply<NodeStatus>;
}

/** Makes a lab's status of its agents' answers. Nodes that others know of, but that are not there, appear as missing. */
export function assembleStatus(
  lab: string,
  answers: readonly Answer[],
  expected?: ExpectedNodes,
  engines: readonly EngineStatus[] = [],
): LabStatus {
  const said = Object.fromEntries(
    ROLES.map((role) => [role, answers.filter(({ container }) => container.role === role).map(listen)]),
  ) as unknown as LabTold["said"];
  const silentEngines = engines.filter(({ reachable }) => !reachable).map(({ name }) => name);
  const whyAbsent = (name: string): Silence => {
    const place = expected?.engineOf?.[name];
    const isElsewhere = place !== undefined && !silentEngines.includes(place);
    return silentEngines.length === 0 || isElsewhere ? missing(name) : unknown(name, place);
  };
  const told: LabTold = { said, expected, whyAbsent };
  const reported: Pick<LabStatus, "providers" | "cpes" | "hosts"> = { providers: [], cpes: [], hosts: [] };
  for (const role of ROLES) Object.assign(reported, nodeRole(role).inStatus?.report(told));
  const devices = devicesOf(told, reported);
  const nodes = {
    ...withExplanations(devices.length === 0 ? reported : { ...reported, devices }),
    ...(engines.length === 0 ? {} : { engines: [...engines] }),
  };
  const healthy = labHealth({ lab, ...nodes });
  const asked = !healthy && labAsked({ lab, ...nodes }) ? { asked: true } : {};
  return { lab, healthy, ...asked, ...nodes };
}

/** What a node said, in its own name whatever it calls itself; of one that did not answer, its silence and the reason. */
function listen({ container, reply }: Answer): Said<NodeStatus> {
  const { name, role, state, labels } = container;
  const silent = (silence: Omit<Silence, "name">): Said<NodeStatus> => ({
    status: nodeRole(role).silent({ name, ...silence }),
    labels,
  });
  if (state === UNKNOWN_STATE) {
    const { problem } = unknown(name, labels[Label.engine]);
    return silent({ state: "unknown", problem });
  }
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
