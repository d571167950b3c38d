/** Names in a scenario that have to be those of something: of the lab, or of the scenario itself. */
import type { ScenarioCode } from "../../../model/error-codes.ts";
import { formatIp6, parseIp6 } from "../../../model/ip6.ts";
import type { Lab } from "../../../model/lab/model.ts";
import { INTERNET_NAME } from "../../../model/names.ts";
import { showValue } from "../../../model/values/parse.ts";
import { suggest } from "../../../model/values/suggest.ts";
import type { Problem } from "../../../model/yaml/findings.ts";

/** What there is to be named. */
export interface World {
  /** Undefined: the lab is not known, and its names are not checked. */
  readonly lab: Lab | undefined;
  /** Ids of steps, and which of them inject a fault. */
  readonly steps: readonly string[];
  readonly faults: readonly string[];
  readonly flows: readonly string[];
  readonly targets: readonly string[];
  /** Null: every host and CPE sends probes. */
  readonly from: readonly string[] | null;
  readonly loads: readonly string[];
}

type Check = (name: string, world: World) => Problem | undefined;

const provider: Check = (name, { lab }) =>
  lab === undefined
    ? undefined
    : unknown("MHLAB_SCENARIO_UNKNOWN_PROVIDER", "provider", [name, providersOf(lab)]);

const node = (what: string, among: (lab: Lab) => readonly string[]): Check => {
  return (name, { lab }) =>
    lab === undefined
      ? undefined
      : (ofDevice(name, lab, among(lab)) ?? unknown("MHLAB_SCENARIO_UNKNOWN_NODE", what, [name, among(lab)]));
};

/** mhlab runs nothing on a router of the user's own. */
function ofDevice(name: string, { devices, hosts }: Lab, known: readonly string[]): Problem | undefined {
  if (known.includes(name) || !devices.some((device) => device.name === name)) return undefined;
  const behind = hosts.filter(({ device }) => device === name).map((host) => host.name);
  return {
    code: "MHLAB_SCENARIO_UNKNOWN_NODE",
    message: `${name} is a router of your own, and mhlab has no access to it`,
    hint: `use a host on its LAN${behind.length === 0 ? "; it has none" : `: ${behind.join(", ")}`}`,
  };
}

const customer = node("host or CPE", customersOf);

const step: Check = (name, { steps }) => unknown("MHLAB_SCENARIO_UNKNOWN_STEP", "step", [name, steps]);

/** Who sends probes. */
const prober: Check = (name, world) => {
  const { from } = world;
  const problem = customer(name, world);
  if (problem !== undefined || from === null || from.includes(name)) return problem;
  return {
    code: "MHLAB_SCENARIO_NOT_PROBED",
    message: `${name} sends no probes`,
    hint: `add it to probes.from, which has ${from.join(", ")}; left out, all hosts and CPEs send`,
  };
};

const target: Check = (name, { targets }) => {
  const bits = parseIp6(name);
  if (bits === undefined || targets.includes(formatIp6(bits))) return undefined;
  return {
    code: "MHLAB_SCENARIO_NOT_PROBED",
    message: `no probe is sent to ${formatIp6(bits)}`,
    hint: `add it to probes.targets, which has ${targets.join(", ")}`,
  };
};

/** What can be healed. */
const healed: Check = (name, { lab, faults }) => {
  if (name === "all" || faults.includes(name) || lab === undefined) return undefined;
  return unknown("MHLAB_SCENARIO_UNKNOWN_STEP", "fault or provider", [
    name,
    ["all", ...faults, ...providersOf(lab)],
  ]);
};

/** Each kind of name, and what is wrong with one that nothing has. */
const REFERENCES = {
  provider,
  customer,
  prober,
  node: node("node", nodesOf),
  /** A provider or an address. */
  source: (name, world) => (parseIp6(name) === undefined ? provider(name, world) : undefined),
  /** A provider, or the CPE or device that a host is behind. */
  router: node("provider or CPE", (lab) => [
    ...providersOf(lab),
    ...[...lab.cpes, ...lab.devices].map(({ name }) => name),
  ]),
  target,
  step,
  /** A time, or a step. */
  moment: (name, world) => (/^\d/.test(name) ? undefined : step(name, world)),
  healed,
  flow: (name, { flows }) => unknown("MHLAB_SCENARIO_UNKNOWN_FLOW", "flow", [name, flows]),
  load: (name, { loads }) => unknown("MHLAB_SCENARIO_UNKNOWN_STEP", "load", [name, loads]),
} satisfies Record<string, Check>;

export type RefKind = keyof typeof REFERENCES;

/** What is wrong with a name; undefined when it is that of something. */
export function problemOf(kind: RefKind, name: string, world: World): Problem | undefined {
  return REFERENCES[kind](name, world);
}

function unknown(
  code: ScenarioCode,
  what: string,
  [name, known]: readonly [name: string, known: readonly string[]],
): Problem | undefined {
  if (known.includes(name)) return undefined;
  const near = suggest(name, known);
  const all = known.length === 0 ? "there is none" : `there are ${known.slice(0, 20).join(", ")}`;
  return {
    code,
    message: `there is no ${what} ${showValue(name)}`,
    hint: near === undefined ? all : `did you mean ${near}? ${all}`,
  };
}

function providersOf({ providers }: Lab): string[] {
  return providers.map(({ name }) => name);
}

/** Names of the hosts and CPEs of a lab. */
function customersOf({ cpes, hosts }: Lab): string[] {
  return [...cpes.flatMap((cpe) => [cpe.name, ...cpe.hosts]), ...hosts.map(({ name }) => name)];
}

function nodesOf(lab: Lab): string[] {
  return [...providersOf(lab), ...customersOf(lab), ...(lab.internet === "bundled" ? [INTERNET_NAME] : [])];
}
