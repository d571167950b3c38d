import type { LabContainer } from "../plan/observed.ts";
import { PlanLabel } from "../plan/spec.ts";
import { silentCpe, silentHost, silentInternet, silentProvider, type Silence } from "./blank.ts";
import { labHealth } from "./derive.ts";
import type {
  ContainerState,
  CpeStatus,
  HostStatus,
  InternetStatus,
  LanHostStatus,
  LabStatus,
  ProviderStatus,
} from "./model.ts";

/** One container and what its agent said: a line of JSON, or why there is none. */
export interface Answer {
  readonly container: LabContainer;
  readonly line?: string;
  readonly failure?: string;
}

/** Members that a lab file names, to notice those that are missing. */
export interface ExpectedMembers {
  readonly providers: readonly string[];
  readonly cpes: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  readonly hosts?: readonly { readonly name: string; readonly lan: string }[];
}

/** Makes a lab's status of its agents' answers. Members that others know of, but that are not there, appear as missing. */
export function assembleStatus(
  lab: string,
  answers: readonly Answer[],
  expected?: ExpectedMembers,
): LabStatus {
  const of = (role: string): readonly Answer[] => answers.filter(({ container }) => container.role === role);
  const internet = of("internet").map((answer) => read<InternetStatus>(answer, silentInternet))[0];
  const hosts = of("host").map((answer) => ({
    status: read<HostStatus>(answer, silentHost),
    cpe: answer.container.labels[PlanLabel.cpe],
    lan: answer.container.labels[PlanLabel.lan],
  }));
  const cpeAnswers = of("cpe").map((answer) => ({
    status: read<CpeStatus>(answer, silentCpe),
    hosts: (answer.container.labels[PlanLabel.hosts] ?? "").split(",").filter((name) => name !== ""),
  }));
  const missingCpes = (expected?.cpes ?? []).filter(
    ({ name }) => !cpeAnswers.some(({ status }) => status.name === name),
  );
  const cpes = [
    ...cpeAnswers,
    ...missingCpes.map((cpe) => ({ status: silentCpe(missing(cpe.name)), hosts: cpe.hosts })),
  ]
    .map(({ status, hosts: names }) => ({
      ...status,
      hosts: [
        ...hosts.filter(({ cpe }) => cpe === status.name).map((host) => host.status),
        ...names
          .filter((name) => !hosts.some((host) => host.status.name === name))
          .map((name) => silentHost(missing(name))),
      ].sort(byName),
    }))
    .sort(byName);
  const attached = new Set(
    of("bng")
      .filter(({ container }) => container.labels[PlanLabel.cpe] !== undefined)
      .map(({ container }) => container.name),
  );
  const answered = of("bng").map((answer) => read<ProviderStatus>(answer, silentProvider));
  const known = new Set([
    ...(expected?.providers ?? []),
    ...(internet?.peers ?? []).map(({ provider }) => provider),
    ...cpes.flatMap(({ wans }) => wans.map(({ provider }) => provider)),
  ]);
  const providers = [
    ...answered,
    ...[...known]
      .filter((name) => !answered.some((one) => one.name === name))
      .map((name) => silentProvider(missing(name))),
  ].map((provider) => withCpe(provider, attached));
  const order = expected?.providers ?? [];
  const rank = ({ name }: { name: string }): number =>
    order.includes(name) ? order.indexOf(name) : order.length;
  providers.sort((one, other) => rank(one) - rank(other) || byName(one, other));
  const onLans = [
    ...hosts.flatMap(({ status, lan }) => (lan === undefined ? [] : onLan(status, lan))),
    ...(expected?.hosts ?? [])
      .filter(({ name }) => !hosts.some(({ status }) => status.name === name))
      .map(({ name, lan }) => onLan(silentHost(missing(name)), lan)),
  ].sort(byName);
  const members = { providers, cpes, hosts: onLans, ...(internet === undefined ? {} : { internet }) };
  return { lab, healthy: labHealth({ lab, ...members }), ...members };
}

function onLan({ name, state, onLan: view, problems }: HostStatus, lan: string): LanHostStatus {
  const { addresses = [], defaultRouters = [] } = view ?? {};
  return { name, state, lan, addresses, defaultRouters, problems };
}

/** Only the lab knows that the other end of a BNG's veth is one of its CPEs. */
function withCpe(provider: ProviderStatus, attached: ReadonlySet<string>): ProviderStatus {
  return attached.has(provider.name)
    ? { ...provider, subscriber: { ...provider.subscriber, kind: "cpe" } }
    : provider;
}

function read<T>({ container, line, failure }: Answer, silent: (silence: Silence) => T): T {
  const { name, state } = container;
  if (state === "restarting") {
    const message = "its container starts again and again; see: mhlab logs " + name;
    return silent({ name, state: "restarting", problem: { code: "restarting", message } });
  }
  if (state !== "running") {
    const message = `its container is ${state}; \`mhlab up\` starts it`;
    return silent({ name, state: "stopped", problem: { code: "stopped", message } });
  }
  const answer = line === undefined ? undefined : parse(line);
  if (answer !== undefined) return answer as T;
  const message = `its agent does not answer: ${failure ?? "no JSON came"}`;
  return silent({
    name,
    state: "degraded" satisfies ContainerState,
    problem: { code: "agent-silent", message },
  });
}

function missing(name: string): Silence {
  const problem = { code: "missing", message: "its container is not there; `mhlab up` makes it" };
  return { name, state: "missing", problem };
}

/** A status always names its member; `{"error": …}` is the agent's way to say that it could not. */
function parse(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "name" in value ? value : undefined;
  } catch {
    return undefined;
  }
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : Number(one.name > other.name);
}
