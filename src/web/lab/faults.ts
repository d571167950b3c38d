import type { FaultStatus, LabStatus } from "../../core/status/model.ts";

/** The faults that a member has now. */
export function faultsOf({ providers }: LabStatus, name: string): readonly FaultStatus[] {
  return providers.find((provider) => provider.name === name)?.faults ?? [];
}
