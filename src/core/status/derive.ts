import type { LabStatus, Problem, ProviderStatus } from "./model.ts";

/** A problem with the member of the lab that has it. */
export interface MemberProblem extends Problem {
  readonly member: string;
}

/** Whether every part of a lab does what it should. */
export function labHealth(lab: Omit<LabStatus, "healthy">): boolean {
  const { providers, cpes, hosts, internet } = lab;
  return (
    providers.length + cpes.length > 0 &&
    providers.every(isProviderHealthy) &&
    cpes.every(
      (cpe) => cpe.state === "running" && cpe.ready && cpe.hosts.every(({ state }) => state === "running"),
    ) &&
    hosts.every(({ state }) => state === "running") &&
    (internet === undefined || (internet.state === "running" && internet.ready)) &&
    labProblems(lab).length === 0
  );
}

/** Every problem of a lab, in the order of its members: what the agents say, and delegations without a route. */
export function labProblems({
  providers,
  cpes,
  hosts,
  internet,
}: Omit<LabStatus, "healthy">): MemberProblem[] {
  return [
    ...(internet === undefined ? [] : of(internet.name, internet.problems)),
    ...providers.flatMap((provider) => of(provider.name, [...provider.problems, ...unrouted(provider)])),
    ...cpes.flatMap((cpe) => [
      ...of(cpe.name, cpe.problems),
      ...cpe.hosts.flatMap((host) => of(host.name, host.problems)),
    ]),
    ...hosts.flatMap((host) => of(host.name, host.problems)),
  ];
}

function of(member: string, problems: readonly Problem[]): MemberProblem[] {
  return problems.map((problem) => ({ ...problem, member }));
}

function isProviderHealthy(provider: ProviderStatus): boolean {
  return provider.state === "running" && provider.ready && provider.delegations.every(({ routed }) => routed);
}

function unrouted({ delegations, problems }: ProviderStatus): Problem[] {
  if (problems.some(({ code }) => code === "not-routed")) return [];
  return delegations
    .filter(({ routed }) => !routed)
    .map(({ prefix }) => ({ code: "not-routed", message: `${prefix} is delegated, but has no route` }));
}
