import type { FaultStatus, LabStatus } from "../../core/model/status/model.ts";

/** The faults that a node has now. */
export function faultsOf({ providers }: LabStatus, name: string): readonly FaultStatus[] {
  return providers.find((provider) => provider.name === name)?.faults ?? [];
}
