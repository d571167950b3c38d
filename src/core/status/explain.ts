/** Which problems of a lab were asked for: a fault that was injected explains them. */
import { isFaultKind } from "../faults/names.ts";
import { faultRecord } from "../faults/registry.ts";
import type { FaultStatus, LabStatus, Problem, ProviderStatus } from "./model.ts";

/** The faults of a provider. */
export interface FaultsOf {
  readonly name: string;
  readonly faults: readonly Pick<FaultStatus, "id" | "kind">[];
}

/**
 * The ids of the faults that explain a problem: those of the provider that it is about, or of every provider when it is about
 * none in particular.
 */
export function explainersOf({ code, provider }: Problem, all: readonly FaultsOf[]): string[] {
  return all
    .filter(({ name }) => provider === undefined || provider === name)
    .flatMap(({ faults }) => faults.filter(({ kind }) => explains(kind, code)).map(({ id }) => id));
}

function explains(kind: string, code: string): boolean {
  return isFaultKind(kind) && faultRecord(kind).explains.includes(code);
}

type Members = Pick<LabStatus, "providers" | "cpes" | "hosts" | "internet">;

/** The members of a lab, each problem with the faults that explain it. */
export function withExplanations<M extends Members>(members: M): M {
  const faulty = members.providers.filter(({ faults }) => faults.length > 0);
  if (faulty.length === 0) return members;
  const explained = <S extends { problems: Problem[] }>(status: S, provider?: string): S => ({
    ...status,
    problems: status.problems.map((problem) => {
      const ids = explainersOf(provider === undefined ? problem : { ...problem, provider }, faulty);
      return ids.length === 0 ? problem : { ...problem, explainedBy: ids };
    }),
  });
  return {
    ...members,
    providers: members.providers.map((one: ProviderStatus) => explained(one, one.name)),
    cpes: members.cpes.map((one) => ({ ...explained(one), hosts: one.hosts.map((host) => explained(host)) })),
    hosts: members.hosts.map((one) => explained(one)),
  };
}
