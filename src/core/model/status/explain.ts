/** Which problems of a lab were asked for: a fault that was injected explains them, or a renumbering. */
import { faultRecord, isFaultKind } from "../faults/kinds.ts";
import { isRenumbered, prefixesExplain, RENUMBERING } from "../renumbering/explain.ts";
import type {
  Delegation,
  FaultStatus,
  LabStatus,
  Problem,
  ProviderPrefix,
  ProviderStatus,
  WanStatus,
} from "./model.ts";

/** What was asked of a provider beside its lab file. */
export interface AskedOf {
  readonly name: string;
  readonly faults: readonly Pick<FaultStatus, "id" | "kind">[];
  readonly prefixes: readonly Pick<ProviderPrefix, "prefix" | "state">[];
  readonly override: { readonly prefixes?: unknown };
  /** What it has delegated, as it knows it. */
  readonly delegations: readonly Pick<Delegation, "prefix">[];
}

/** Whether anything was asked of it. */
export function isAsked({ faults, prefixes, override }: ProviderStatus): boolean {
  return faults.length > 0 || isRenumbered(prefixes, override);
}

/**
 * The ids of the faults that explain a problem, and whether a renumbering does: those of the provider that it is about, or of
 * every provider when it is about none in particular. `wans` are those of the CPE whose problem it is.
 */
export function explainersOf(
  { code, provider }: Problem,
  all: readonly AskedOf[],
  wans: readonly Pick<WanStatus, "provider" | "delegatedPrefix">[] = [],
): string[] {
  return all
    .filter(({ name }) => provider === undefined || provider === name)
    .flatMap((asked) => {
      const { name, faults } = asked;
      const delegated = wans.find((wan) => wan.provider === name)?.delegatedPrefix;
      return [
        ...faults.filter(({ kind }) => explains(kind, code)).map(({ id }) => id),
        ...(prefixesExplain(code, asked, delegated) ? [RENUMBERING] : []),
      ];
    });
}

function explains(kind: string, code: string): boolean {
  return isFaultKind(kind) && faultRecord(kind).explains?.includes(code) === true;
}

type Nodes = Pick<LabStatus, "providers" | "cpes" | "hosts" | "devices" | "internet">;

/** The nodes of a lab, each problem with what explains it. */
export function withExplanations<M extends Nodes>(nodes: M): M {
  const asked = nodes.providers.filter(isAsked);
  if (asked.length === 0) return nodes;
  const explained = <S extends { problems: Problem[] }>(
    status: S,
    provider?: string,
    wans?: readonly WanStatus[],
  ): S => ({
    ...status,
    problems: status.problems.map((problem) => {
      const about = provider === undefined ? problem : { ...problem, provider };
      const ids = explainersOf(about, asked, wans);
      return ids.length === 0 ? problem : { ...problem, explainedBy: ids };
    }),
  });
  return {
    ...nodes,
    providers: nodes.providers.map((one: ProviderStatus) => explained(one, one.name)),
    cpes: nodes.cpes.map((one) => ({
      ...explained(one, undefined, one.wans),
      hosts: one.hosts.map((host) => explained(host)),
    })),
    hosts: nodes.hosts.map((one) => explained(one)),
    ...(nodes.devices === undefined ? {} : { devices: nodes.devices.map((one) => explained(one)) }),
  };
}
