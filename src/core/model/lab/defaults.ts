import type { SubscriberLink } from "../links/registry.ts";
import type { Settled } from "../settings/registry.ts";
import { labValues, settle } from "../settings/settle.ts";
import type { CpeEntry, LabFile, ProviderEntry } from "./schema.ts";

/** LAN hosts of a bundled CPE. */
const DEFAULT_CPE_HOSTS = 1;

/** The settings of a provider, defaults filled in; `resolver` is the address of one that it has for itself. */
export function settledOf(entry: ProviderEntry, internet: LabFile["internet"], resolver?: string): Settled {
  return settle(labValues(entry), { internet: internet ?? "real", resolver });
}

/** A provider's subscriber link; with a single CPE it is that, unless the provider says otherwise. */
export function subscriberOf(
  provider: ProviderEntry,
  cpes: LabFile["cpes"] = [],
): SubscriberLink | undefined {
  const [only, ...others] = bundledCpes({ cpes });
  if (provider.subscriber !== undefined) return provider.subscriber;
  return only !== undefined && others.length === 0 ? { kind: "cpe", cpe: only.name } : undefined;
}

/** Whether an entry of `cpes` is a router outside of the lab. */
export function isDevice({ device }: CpeEntry): boolean {
  return device === true;
}

/** The CPEs that mhlab starts. */
export function bundledCpes({ cpes = [] }: Pick<LabFile, "cpes">): CpeEntry[] {
  return cpes.filter((cpe) => !isDevice(cpe));
}

/** The names of a CPE's LAN hosts. */
export function hostNames(cpe: CpeEntry): string[] {
  return Array.from({ length: cpe.hosts ?? DEFAULT_CPE_HOSTS }, (_, index) => `${cpe.name}-host${index + 1}`);
}
