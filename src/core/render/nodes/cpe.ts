import { PlanLabel } from "./spec.ts";
import { silentStatus, type CpeStatus, type LabStatus } from "../../model/status/model.ts";
import { host } from "./host.ts";
import {
  byName,
  FAR_SIDE_PATIENCE_MS,
  plainNode,
  type InStatus,
  type LabTold,
  type NodeRole,
  type Patience,
  type Verdict,
} from "./node.ts";
import { LIMITS, NETWORK_CAPABILITIES, ROUTER_SYSCTLS, TUN } from "./rights.ts";

/** How long software of others is given to be ready with all of its lines. */
const FOREIGN_PATIENCE_MS = 15_000;

const inStatus: InStatus = {
  report({ said, expected, whyAbsent }) {
    const known = [
      ...said.cpe.map(({ status, labels }) => ({ status, hosts: hostsOf(status, labels) })),
      ...(expected?.cpes ?? [])
        .filter(({ name }) => !said.cpe.some(({ status }) => status.name === name))
        .map(({ name, hosts }) => ({ status: cpe.silent(whyAbsent(name)), hosts })),
    ];
    return { cpes: known.map((one) => withHosts(one, { said, whyAbsent })).sort(byName) };
  },
  nodes: ({ cpes }) => cpes.map(plainNode),
};

/** A bundled CPE. */
export const cpe = {
  title: "CPE",
  text: "a customer's router (RFC 7084) with one WAN per provider, which sends each packet by the provider that its source is from",
  number: "one per entry of `cpes`",
  image: "cpe",
  command: ["cpe"],
  capabilities: NETWORK_CAPABILITIES,
  devices: [TUN],
  // Its kernel follows the providers' advertisements (2: even while forwarding); dhcpcd needs promote_secondaries.
  sysctls: {
    ...ROUTER_SYSCTLS,
    "net.ipv6.conf.all.accept_ra": "2",
    "net.ipv6.conf.default.accept_ra": "2",
    "net.ipv4.conf.default.promote_secondaries": "1",
  },
  limits: LIMITS.cpe,
  chosen: false,
  needsAllProviders: true,
  leavesLast: false,
  holdsFiles: true,
  keepsState: false,
  isOperator: false,
  followsResolvers: true,
  needsHostResolvers: true,
  judge,
  silent: (silence) => silentStatus("cpe", silence),
  captureInterfaces: ({ wans, lan }) => ({
    ...Object.fromEntries(wans.map((wan) => [wan.provider, wan.interface])),
    lan: lan.interface,
  }),
  inStatus,
} as const satisfies NodeRole<CpeStatus>;

function judge(status: CpeStatus, { strict, realFarSides, answeredForMs }: Patience): Verdict {
  const { ready, problems, wans, software } = status;
  const [first] = problems;
  if (ready) return { kind: "ready" };
  // What software of others makes of its lines is what people want to see.
  const asItIs = software !== undefined && wans.some(({ delegatedPrefix }) => delegatedPrefix !== null);
  if (first !== undefined && asItIs && answeredForMs >= FOREIGN_PATIENCE_MS)
    return { kind: "settled", warning: first };
  const outside =
    problems.every(({ code }) => code === "unreachable") &&
    wans.every(({ reach, provider }) => reach !== "no-answer" || realFarSides.has(provider));
  if (first !== undefined && outside && !strict && answeredForMs >= FAR_SIDE_PATIENCE_MS)
    return { kind: "settled", warning: first };
  return { kind: "waiting", detail: first?.message ?? detail(status) };
}

/** Those that it says; its label tells with which it was made, for one that says nothing. */
function hostsOf({ lan }: CpeStatus, labels: Readonly<Record<string, string>>): readonly string[] {
  return lan.hosts ?? names(labels[PlanLabel.hosts]);
}

function names(label: string | undefined): string[] {
  return (label ?? "").split(",").filter((name) => name !== "");
}

function withHosts(
  { status, hosts }: { status: CpeStatus; hosts: readonly string[] },
  { said: { host: said }, whyAbsent }: Pick<LabTold, "said" | "whyAbsent">,
): LabStatus["cpes"][number] {
  const mine = said.filter(({ labels }) => labels[PlanLabel.cpe] === status.name);
  const absent = hosts.filter((name) => !said.some((one) => one.status.name === name));
  return {
    ...status,
    hosts: [...mine.map((one) => one.status), ...absent.map((name) => host.silent(whyAbsent(name)))].sort(
      byName,
    ),
  };
}

function detail({ wans }: CpeStatus): string {
  const without = wans
    .filter(({ delegatedPrefix }) => delegatedPrefix === null)
    .map(({ provider }) => provider);
  if (without.length > 0) return `waiting for a prefix from ${without.join(", ")}`;
  const cut = wans.filter(({ reach }) => reach === "no-answer").map(({ provider }) => provider);
  return cut.length > 0 ? `waiting to reach the internet by ${cut.join(", ")}` : "not ready yet";
}
