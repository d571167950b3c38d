import type { LabStatus } from "../../core/status/model.ts";

/** The faults that a member has now, in a word each. */
export function faultsOf({ providers }: LabStatus, name: string): readonly string[] {
  return providers.find((provider) => provider.name === name)?.faults ?? [];
}
