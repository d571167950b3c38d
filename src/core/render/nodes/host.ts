import { PlanLabel } from "./spec.ts";
import { silentStatus, type HostStatus, type LanHostStatus } from "../../model/status/model.ts";
import {
  byName,
  FAR_SIDE_PATIENCE_MS,
  plainNode,
  SUBSCRIBER_PATIENCE_MS,
  type InStatus,
  type NodeRole,
  type Patience,
  type Verdict,
} from "./node.ts";
import { LIMITS, NETWORK_CAPABILITIES, ROUTER_SYSCTLS, TUN } from "./rights.ts";

const inStatus: InStatus = {
  /** Those on LANs; a CPE's are shown with it. */
  report({ said, expected, whyAbsent }) {
    const onLans = said.host.flatMap(({ status, labels }) => {
      const lan = labels[PlanLabel.lan];
      return lan === undefined ? [] : [{ ...status, lan }];
    });
    const absent = (expected?.hosts ?? [])
      .filter(({ name }) => !said.host.some(({ status }) => status.name === name))
      .map(({ name, lan }): LanHostStatus => ({ ...silentStatus("host", whyAbsent(name)), lan }));
    return { hosts: [...onLans, ...absent].sort(byName) };
  },
  nodes: ({ cpes, hosts }) => [...cpes.flatMap((cpe) => cpe.hosts), ...hosts].map(plainNode),
};

/** A host behind a bundled CPE, on a LAN that providers share, or on a link of the machine. */
export const host = {
  title: "host",
  text: "a customer's machine: it takes addresses by router advertisement and sends from each",
  number: "`hosts` of a CPE, and the entries of `hosts`",
  image: "cpe",
  command: ["host"],
  capabilities: NETWORK_CAPABILITIES,
  devices: [TUN],
  sysctls: {
    ...ROUTER_SYSCTLS,
    "net.ipv6.conf.all.forwarding": "0",
    "net.ipv6.conf.default.forwarding": "0",
    "net.ipv6.conf.all.accept_ra": "1",
    "net.ipv6.conf.default.accept_ra": "1",
    "net.ipv6.conf.default.router_solicitation_delay": "0",
  },
  programs: "/opt",
  limits: LIMITS.host,
  chosen: false,
  needsAllProviders: true,
  leavesLast: false,
  holdsFiles: true,
  keepsState: false,
  isOperator: false,
  followsResolvers: true,
  needsHostResolvers: true,
  judge,
  silent: (silence) => silentStatus("host", silence),
  captureInterfaces: (status) => ({ lan: status.interface }),
  inStatus,
} as const satisfies NodeRole<HostStatus>;

/** What a host without its link says: an interface, a cable or a namespace that has to come from outside. */
const LINK_PROBLEMS: ReadonlySet<string> = new Set([
  "no-link",
  "no-carrier",
  "nic-refused",
  "parent-down",
  "not-delivered",
  "no-bridge",
  "bridge-filtered",
]);
/** How long a router of the user's is given until its LAN has addresses. */
const ROUTER_PATIENCE_MS = 15_000;

/** A CPE takes away what its provider's far side does not answer to (RFC 7084, G-5): its host can do nothing about that. */
function judge(
  { ready, problems, place }: HostStatus,
  { strict, realFarSides, realSubscriber, answeredForMs }: Patience,
): Verdict {
  if (ready) return { kind: "ready" };
  const [first] = problems;
  if (first !== undefined && realSubscriber && !strict) {
    const patienceMs = LINK_PROBLEMS.has(first.code) ? SUBSCRIBER_PATIENCE_MS : ROUTER_PATIENCE_MS;
    if (answeredForMs >= patienceMs) return { kind: "settled", warning: first };
  }
  const outside =
    place === "cpe" &&
    problems.every(({ code, provider = "" }) => code === "no-address" && realFarSides.has(provider));
  if (first !== undefined && outside && !strict && answeredForMs >= FAR_SIDE_PATIENCE_MS)
    return { kind: "settled", warning: first };
  return { kind: "waiting", detail: first?.message ?? "waiting for an address" };
}
