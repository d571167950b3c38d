import { Cancelled, HostError, OperationError } from "../../core/model/errors.ts";
import { featureFindings } from "../../features/doctor/host-findings.ts";
import type { Scenario } from "../../core/judge/scenario/record.ts";
import type { RunReport } from "../../core/judge/scenario/progress.ts";
import { faultRecord, isFaultKind } from "../../core/model/faults/kinds.ts";
import { blocking } from "../../core/model/host/finding.ts";
import type { KernelFeature } from "../../core/model/host/kernel-feature.ts";
import { nodesOf, type Engines, type Seen } from "../agents/engines.ts";
import { byEngine, type SeenNode } from "../agents/node.ts";
import type { LoadedLab } from "../choose-lab.ts";
import { refuseEngines } from "../one-engine.ts";
import { probeHost } from "../probe-host.ts";
import { up, type UpPorts } from "../up.ts";

/** How long a lab may take to come up; images may have to be built before, and are not counted. */
const READY_MS = 120_000;

export interface Ground {
  readonly seen: Seen;
  /** All of the lab. */
  readonly nodes: readonly SeenNode[];
}

export interface PrepareOptions {
  readonly version: string;
  readonly replace: boolean;
  readonly build: boolean;
  readonly sshAddress: string | undefined;
  readonly report: RunReport;
  readonly signal: AbortSignal;
}

/**
 * Makes the lab what its file says, with no fault and no renumbering of before in it, and healthy. Throws what `up` throws, and
 * HostError when the kernel lacks what a fault of the scenario needs.
 */
export async function prepare(
  { lab, place }: Pick<LoadedLab, "lab" | "place">,
  scenario: Scenario,
  ports: UpPorts,
  options: PrepareOptions,
): Promise<Ground> {
  const { version, replace, build, sshAddress, report, signal } = options;
  refuseEngines(lab, "a run compares times of one clock");
  const { unwell } = await up(lab, ports, {
    labFile: place,
    version,
    only: [],
    build,
    force: false,
    replace,
    agreeToReplace: undefined,
    reset: true,
    strict: false,
    sshAddress,
    timeoutMs: READY_MS,
    report: (progress) => report({ kind: "lab", progress }),
    signal,
  });
  if (unwell.length > 0)
    throw new OperationError(
      "MHLAB_RUN_FAILED",
      "the lab is not healthy, and a run begins with one that is",
      {
        evidence: unwell.map(({ name, detail }) => `${name}: ${detail}`),
        hint: `see: mhlab status ${lab.name}`,
        state: "No run was begun. The lab runs.",
      },
    );
  await refuseWhatLacks(scenario, ports.engines, options);
  const seen = await ports.engines.look(signal);
  if (signal.aborted) throw new Cancelled({ state: "No run was begun. The lab runs." });
  return { seen, nodes: nodesOf(seen, lab.name).filter(({ runs }) => runs) };
}

/** What the faults of a scenario need of the kernel. */
function needsOf({ steps }: Scenario): readonly KernelFeature[] {
  return steps.flatMap((step) => {
    if (step.do !== "fault" || !isFaultKind(step.kind)) return [];
    const record = faultRecord(step.kind);
    return record.needs;
  });
}

async function refuseWhatLacks(
  scenario: Scenario,
  engines: Engines,
  { sshAddress, signal, report }: PrepareOptions,
): Promise<void> {
  const needs = new Set(needsOf(scenario).map(({ name }) => name));
  if (needs.size === 0) return;
  report({ kind: "phase", text: `looking whether the kernel has ${[...needs].join(", ")}` });
  const { nodes } = await engines.look(signal);
  for (const [first] of byEngine(nodes.filter(({ role }) => role === "bng"))) {
    const writer = await first.engine.writer();
    const facts = await probeHost({
      runOnce: (shot, stop) => writer.runOnce(shot, stop),
      image: first.container.image,
      sshAddress,
      signal,
    });
    const lacking = featureFindings(facts, needs)
      .filter(blocking)
      .filter(({ id }) => needs.has(id.replace(/^kernel-/, "")));
    const [finding] = lacking;
    if (finding === undefined) continue;
    throw new HostError(
      "MHLAB_HOST_LACKS",
      `a fault of this scenario cannot be injected here: ${finding.message}`,
      {
        evidence: lacking.slice(1).map(({ message }) => message),
        hint: lacking.flatMap(({ mend }) => mend ?? []).join("\n"),
        state: "No run was begun. The lab runs.",
      },
    );
  }
}
