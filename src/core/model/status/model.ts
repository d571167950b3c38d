/**
 * What `mhlab status --json` prints and what the agents answer to `status`: one schema for types, readers, the JSON Schema and
 * the docs. Absent measurements are null. Times are absolute (UTC, RFC 3339); who shows a countdown computes it.
 */
import type { Role } from "../role.ts";
import { flag, list, optional, orNull, Refused, struct, text, type Of, type Shape } from "../values/shape.ts";
import type { problems, state } from "./common.ts";
import { cpe, host } from "./customers.ts";
import { device } from "./device.ts";
import { internet, keeper } from "./internet.ts";
import { provider } from "./provider.ts";

const lanHost = struct({
  ...host.keys,
  lan: text.describe("Name of the LAN that it is on; for a link of the machine its place, such as `enp5s0`."),
});

const engine = struct({
  name: text.describe("Name of the engine in the lab file."),
  host: text.describe("Where the lab file says that it answers."),
  reachable: flag.describe("Whether it answers; when not, the state of its nodes is `unknown`."),
  problem: orNull(text).describe("Why it does not answer; null when it does."),
});

/** One lab, as `mhlab status LAB --json` prints it. */
export const labShape = struct({
  at: text.describe("When it was so, UTC."),
  lab: text.describe("Name of the lab."),
  healthy: flag.describe(
    "Whether every node does all that it should, and no fault is injected; the exit code is 5 when not.",
  ),
  asked: optional(flag).describe(
    "It is not healthy, and all of that is expected: each problem is explained by an injected fault or a renumbering. Left out otherwise.",
  ),
  providers: list(provider).describe("The providers, in the order of the lab file where that is known."),
  cpes: list(struct({ ...cpe.keys, hosts: list(host).describe("The hosts behind the CPE.") })).describe(
    "The bundled CPEs, with their hosts.",
  ),
  hosts: list(lanHost).describe("The hosts on LANs that providers share, and on links of the machine."),
  devices: optional(list(device, "name")).describe(
    "Routers of the user's own (`device: true`), as seen from both sides; left out where there is none.",
  ),
  engines: optional(list(engine)).describe(
    "The engines of a lab on several machines; left out where the lab names none.",
  ),
  internet: optional(internet).describe("The bundled internet; left out where the tunnels' peers are real."),
});

/** What an agent of each role answers to `status`. */
export const SHAPES = { bng: provider, internet, cpe, host, keeper } as const satisfies Record<
  Role,
  Shape<unknown>
>;

/** A lab's status with the time at which it was so. */
export type DatedLabStatus = Of<typeof labShape>;
export type LabStatus = Omit<DatedLabStatus, "at">;

/** What the agent of each role answers to `status`. */
export type StatusOf = { [R in Role]: Of<(typeof SHAPES)[R]> };
/** What an agent answers to `status`; `role` tells which one it is. */
export type NodeStatus = StatusOf[Role];

export type ProviderStatus = StatusOf["bng"];
export type UplinkStatus = ProviderStatus["uplink"];
export type SubscriberStatus = ProviderStatus["subscriber"];
export type Neighbour = SubscriberStatus["neighbours"][number];
export type AdvertisementStatus = ProviderStatus["advertisement"];
export type RaField = AdvertisementStatus["fields"][number];
export type ProviderPrefix = ProviderStatus["prefixes"][number];
export type Delegation = ProviderStatus["delegations"][number];
export type AddressLease = ProviderStatus["addresses"][number];
export type FaultStatus = ProviderStatus["faults"][number];
export type LeakStatus = ProviderStatus["leaks"];
export type LeakedAddress = LeakStatus["addresses"][number];

export type CpeStatus = StatusOf["cpe"];
export type WanStatus = CpeStatus["wans"][number];
export type Reach = WanStatus["reach"];

export type HostStatus = StatusOf["host"];
export type HostAddress = HostStatus["addresses"][number];
export type HostDefaultRouter = HostStatus["defaultRouters"][number];
export type DeviceStatus = Of<typeof device>;
export type LanHostStatus = Of<typeof lanHost>;

export type InternetStatus = StatusOf["internet"];
export type InternetPeerStatus = InternetStatus["peers"][number];
export type InternetServiceStatus = InternetStatus["services"][number];
export type EngineStatus = Of<typeof engine>;
export type KeeperStatus = StatusOf["keeper"];

export type ContainerState = Of<typeof state>;
export type Problem = Of<typeof problems>[number];

/**
 * An agent's status, with the blank for each key that it does not tell. Undefined when a value is of another kind: what reads a
 * status may rely on its type, whoever sent it.
 */
export function statusOfKind(role: Role, value: unknown): NodeStatus | undefined {
  try {
    return SHAPES[role](value);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** What is said about a node that does not answer: its state and why. */
export interface Silence {
  readonly name: string;
  readonly state: ContainerState;
  readonly problem: Problem;
}

/** The status of a node whose agent does not answer: nothing but its name, its state and why. */
export function silentStatus<R extends Role>(role: R, { name, state, problem }: Silence): StatusOf[R] {
  return SHAPES[role]({ role, name, state, problems: [problem] }) as StatusOf[R];
}
