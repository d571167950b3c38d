import { refuseRa } from "../../core/model/host/accept-ra.ts";
import type { HostFacts } from "../../core/model/host/facts.ts";
import type { Finding } from "../../core/model/host/finding.ts";
import { IFB, NETEM, type KernelFeature } from "../../core/model/host/kernel-feature.ts";
import { attachedNodes } from "../../core/model/lab/attached.ts";
import type { Lab, Provider } from "../../core/model/lab/model.ts";
import { kindOf } from "../../core/model/links/registry.ts";
import type { Needs } from "./host-findings.ts";
import { hostEar, hostRaFindings } from "./host-ra.ts";

/** The kernel features without which a lab cannot be made. */
export function needsOf(lab: Lab | undefined): Needs {
  if (lab === undefined) return new Set();
  const features = [
    ...attachedNodes(lab).flatMap(({ link }) => kindOf(link).needs?.(link) ?? kindOf(link).features),
    ...lab.providers.flatMap(({ line }) => lineNeeds(line)),
  ];
  return new Set(features.map(({ name }) => name));
}

/** What a line needs of the kernel; a perfect one, and one that only loses packets, needs nothing. */
export function lineNeeds({ delayMs, jitterMs, down, up }: Provider["line"]): readonly KernelFeature[] {
  const late = delayMs + jitterMs > 0;
  if (!late && down === undefined && up === undefined) return [];
  return late ? [IFB, NETEM] : [IFB];
}

/** Interfaces that running BNGs hold, and the provider of each. */
export type HeldInterfaces = ReadonlyMap<string, string>;

/** Whether each node of a lab that has a link of the machine finds there what that needs. */
export function linkFindings(
  lab: Parameters<typeof attachedNodes>[0],
  facts: HostFacts,
  held: HeldInterfaces = new Map(),
): Finding[] {
  const { network } = facts;
  if (network === undefined) return [];
  const nodes = attachedNodes(lab);
  const links = nodes.flatMap(
    ({ name, link }) => kindOf(link).findings?.(link, { id: `link-${name}`, facts, network, held }) ?? [],
  );
  // A bridge that is to be made comes with the setting.
  const rest = nodes.filter((node) => {
    const ear = hostEar(node);
    return ear === undefined || !links.some(({ mend }) => mend?.includes(refuseRa(ear)));
  });
  return [...links, ...hostRaFindings(rest, facts)];
}
