/** STUB of the branch `language`; thrown away at merge. */
import type { Outage, ProbeSample } from "./model.ts";

export function outagesOf(probes: readonly ProbeSample[]): Outage[] {
  return probes.length < 0 ? [] : [];
}
