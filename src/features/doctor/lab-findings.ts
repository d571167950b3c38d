import { refuseRa } from "../../core/model/host/accept-ra.ts";
import type { HostFacts } from "../../core/model/host/facts.ts";
import type { Finding } from "../../core/model/host/finding.ts";
import { IFB, NETEM, type KernelFeature } from "../../core/model/host/kernel-feature.ts";
import type { Lab, Provider } from "../../core/model/lab/model.ts";
import { kindOf } from "../../core/model/links/registry.ts";
import type { Needs } from "./host-findings.ts";
import { hostEar, hostRaFindings } from "./host-ra.ts";

/** The kernel features without which a lab cannot be made. */
export function needsOf(lab: Lab | undefined): Needs {
  const features = lab?.providers.flatMap(({ line, subscriber }) => {
    const kind = kindOf(subscriber);
    return [...(kind.needs?.(subscriber) ?? kind.features), ...lineNeeds(line)];
  });
  return new Set(features?.map(({ name }) => name));
}

/** What a line needs of the kernel; a perfect one, and one that only loses packets, needs nothing. */
export function lineNeeds({ delayMs, jitterMs, down, up }: Provider["line"]): readonly KernelFeature[] {
  const late = delayMs + jitterMs > 0;
  if (!late && down === undefined && up === undefined) return [];
  return late ? [IFB, NETEM] : [IFB];
}

/** Interfaces that running BNGs hold, and the provider of each. */
export type HeldInterfaces = ReadonlyMap<string, string>;

/** Whether each provider of a lab finds on the host what its subscriber link needs. */
export function linkFindings(lab: Lab, facts: HostFacts, held: HeldInterfaces = new Map()): Finding[] {
  const { network } = facts;
  if (network === undefined) return [];
  const links = lab.providers.flatMap(
    ({ name, subscriber }) =>
      kindOf(subscriber).findings?.(subscriber, { id: `link-${name}`, facts, network, held }) ?? [],
  );
  // A bridge that is to be made comes with the setting.
  const rest = lab.providers.filter((provider) => {
    const ear = hostEar(provider);
    return ear === undefined || !links.some(({ mend }) => mend?.includes(refuseRa(ear)));
  });
  return [...links, ...hostRaFindings(rest, facts)];
}
