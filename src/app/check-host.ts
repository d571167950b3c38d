import { HostError } from "../core/model/errors.ts";
import { featureFindings } from "../features/doctor/host-findings.ts";
import { hostEar, hostRaFindings } from "../features/doctor/host-ra.ts";
import { linkFindings, lineNeeds, needsOf } from "../features/doctor/lab-findings.ts";
import { roomFindings, sizeOf, type LabSize } from "../features/doctor/room-findings.ts";
import type { HostFacts } from "../core/model/host/facts.ts";
import { blocking, type Finding } from "../core/model/host/finding.ts";
import { managerFindings } from "../core/model/host/nic-manager.ts";
import { refuseClaim } from "../core/model/host/nic-safety.ts";
import { attachedNodes, type AttachedNode } from "../core/model/lab/attached.ts";
import type { Lab } from "../core/model/lab/model.ts";
import type { HostUse } from "../core/model/links/kind.ts";
import { kindOf } from "../core/model/links/registry.ts";
import { parseWord } from "../core/model/links/word.ts";
import { PlanLabel } from "../core/render/nodes/spec.ts";
import type { Report, Warning } from "../core/render/plan/progress.ts";
import { byEngine } from "./agents/node.ts";
import type { PlannedLab } from "./plan-up.ts";
import type { Seen } from "./agents/engines.ts";
import type { EngineWriter } from "./ports/engine-writer.ts";
import { probeHost } from "./probe-host.ts";

/** Fewer nodes find room on anything that runs an engine. */
const MANY = 50;

interface CheckOptions {
  readonly writer: EngineWriter;
  readonly sshAddress: string | undefined;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/**
 * Before a container is started that needs something of the host: looks whether the host has it and can spare it. Throws
 * HostError that names all that is missing or refused; tells of managers that will meddle, and of interfaces by which the
 * host will hear the lab's providers. Small labs that touch no interface of the host cost nothing.
 */
async function checkHost({ lab, plan, specs, seen }: PlannedLab, options: CheckOptions): Promise<void> {
  const starting = new Set(
    plan.steps
      .filter(({ action }) => ["create", "recreate", "start"].includes(action))
      .map(({ name }) => name),
  );
  const lines = new Map(lab.providers.map(({ name, line }) => [name, lineNeeds(line)]));
  const asking = attachedNodes(lab).filter(
    (node) => starting.has(node.name) && (asksTheHost(node) || (lines.get(node.name) ?? []).length > 0),
  );
  const large = starting.size >= MANY;
  const image = specs.get((asking[0] ?? (large ? lab.providers[0] : undefined))?.name ?? "")?.image;
  if (image === undefined) return;
  const { writer, sshAddress, signal, report } = options;
  const runOnce: EngineWriter["runOnce"] = (shot, stop) => writer.runOnce(shot, stop);
  const facts = await probeHost({ runOnce, image, sshAddress, signal });
  const providers = lab.providers.filter(({ name }) => starting.has(name)).length;
  const size = { ...sizeOf(lab), providers, others: starting.size - providers };
  refuseWhatLacks(partOf(lab, asking), facts, large ? size : undefined);
  refuseClaims(asking, facts, usersOf(seen.nodes, lab.name));
  const managed = asking.flatMap((node) => {
    const taken = takenBy(node)?.interface;
    return taken === undefined ? [] : managerFindings(taken, facts.managers.get(taken));
  });
  for (const warning of [
    ...once("nic-manager", managed),
    ...once("host-ra", hostRaFindings(asking, facts)),
  ]) {
    report({ kind: "warning", warning });
  }
}

/** Checks each host on which nodes are to run, as `checkHost` does. */
export async function checkHosts(planned: PlannedLab, options: Omit<CheckOptions, "writer">): Promise<void> {
  for (const there of byEngine([...planned.nodes.values()])) {
    const names = new Set(there.map(({ name }) => name));
    const plan = { ...planned.plan, steps: planned.plan.steps.filter(({ name }) => names.has(name)) };
    const { engine } = there[0];
    const seen = { ...planned.seen, nodes: planned.seen.nodes.filter((node) => node.engine === engine) };
    await checkHost({ ...planned, plan, seen }, { ...options, writer: await engine.writer() });
  }
}

/** One warning for all findings of a kind: a lab of a hundred links has one worry, not a hundred. */
function once(code: string, [first, ...others]: readonly Finding[]): Warning[] {
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : `; so it is with ${others.length} more: mhlab doctor names them`;
  const mend = first.mend === undefined ? {} : { mend: first.mend };
  return [{ code, message: `${first.message}${more}`, ...mend }];
}

/** The lab with no other nodes on links of the machine than these. */
function partOf(lab: Lab, nodes: readonly AttachedNode[]): Lab {
  const names = new Set(nodes.map(({ name }) => name));
  return {
    ...lab,
    providers: lab.providers.filter(({ name }) => names.has(name)),
    hosts: lab.hosts.filter(({ name }) => names.has(name)),
  };
}

function asksTheHost(node: AttachedNode): boolean {
  const how = hostUse(node)?.how;
  return how === "takes" || how === "shares" || hostEar(node) !== undefined;
}

function hostUse({ link }: AttachedNode): HostUse | undefined {
  return kindOf(link).hostUse(link);
}

/** What a node takes away from the machine; undefined for one that takes nothing. */
function takenBy(node: AttachedNode): HostUse | undefined {
  const use = hostUse(node);
  return use?.how === "takes" ? use : undefined;
}

/** What `doctor` would say of a kernel without a feature that the links need, a bridge that is none, or too little room. */
function refuseWhatLacks(lab: Lab, facts: HostFacts, size: LabSize | undefined): void {
  const others = partOf(
    lab,
    attachedNodes(lab).filter((node) => takenBy(node) === undefined),
  );
  const lacking: readonly Finding[] = [
    ...featureFindings(facts, needsOf(lab)),
    ...linkFindings(others, facts),
    ...(size === undefined ? [] : roomFindings(size, facts)),
  ].filter(blocking);
  const [first, ...more] = lacking;
  if (first === undefined) return;
  throw new HostError(
    "MHLAB_HOST_LACKS",
    more.length === 0 ? first.message : `the host lacks ${lacking.length} things that this lab needs`,
    {
      evidence: more.length === 0 ? [] : lacking.map(({ message }) => message),
      hint: [...lacking.flatMap(({ mend }) => mend ?? []), "look at all of it: mhlab doctor lab.yaml"].join(
        "\n",
      ),
      state: "No container was started or changed.",
    },
  );
}

/** By interface: the node of another lab that runs and shares it, of nodes of one engine. */
function usersOf(nodes: Seen["nodes"], lab: string): ReadonlyMap<string, string> {
  return new Map(
    nodes.flatMap(({ lab: other, container: { name, state, labels } }): [string, string][] => {
      const { link } = parseWord(labels[PlanLabel.machine] ?? "");
      const use = link === undefined ? undefined : kindOf(link).hostUse(link);
      const uses = other !== lab && state === "running" && use?.how === "shares";
      return uses ? [[use.interface, `${name} of the lab ${other}`]] : [];
    }),
  );
}

/** An interface that left the machine's network would take along the VLANs and macvlans that others have on it. */
function refuseClaims(
  nodes: readonly AttachedNode[],
  { network }: HostFacts,
  users: ReadonlyMap<string, string>,
): void {
  if (network === undefined) return;
  const refusals = nodes.flatMap((node) => {
    const use = node.exclusive === true ? hostUse(node) : takenBy(node);
    if (use === undefined || use.forced === true) return [];
    const name = use.interface;
    const user = network.links.some(({ ifname }) => ifname === name) ? users.get(name) : undefined;
    const shared = user === undefined ? [] : `${name} is not taken from the host: ${user} has a link on it`;
    return refuseClaim(name, network) ?? shared;
  });
  const [only] = refusals;
  if (only === undefined) return;
  throw new HostError(
    "MHLAB_NIC_REFUSED",
    refusals.length === 1 ? only : `${refusals.length} interfaces are not taken from the host`,
    {
      evidence: refusals.length === 1 ? [] : refusals,
      hint: "name another interface; or take it all the same with --force, or in the lab file with {interface: …, force: true}",
      state: "No container was started or changed.",
    },
  );
}
