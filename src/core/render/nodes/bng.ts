import { PlanLabel } from "./spec.ts";
import { withOwners } from "../../model/status/leak-owners.ts";
import { silentStatus, type Problem, type ProviderStatus } from "../../model/status/model.ts";
import { clockOf } from "../../model/utc.ts";
import {
  byName,
  FAR_SIDE_PATIENCE_MS,
  plainNode,
  SUBSCRIBER_PATIENCE_MS,
  type InStatus,
  type LabTold,
  type NodeRole,
  type Patience,
  type Verdict,
} from "./node.ts";
import { LIMITS, NETWORK_CAPABILITIES, ROUTER_SYSCTLS, TUN } from "./rights.ts";

/** What the far side of a tunnel owes. */
const UPLINK_PROBLEMS: ReadonlySet<string> = new Set(["no-handshake", "stale-tunnel"]);
/** What the subscriber's side owes: an interface, a cable in it, a host that lets its frames pass, a word by which its CPE is found. */
const SUBSCRIBER_PROBLEMS: ReadonlySet<string> = new Set([
  "no-subscriber",
  "no-carrier",
  "nic-refused",
  "parent-down",
  "not-delivered",
  "no-bridge",
  "bridge-filtered",
  "not-routed",
]);

const inStatus: InStatus = {
  report({ said, expected, whyAbsent }) {
    const attached = new Map(said.bng.map(({ status, labels }) => [status.name, labels[PlanLabel.cpe]]));
    const known = new Set([
      ...(expected?.providers ?? []),
      ...said.internet.flatMap(({ status }) => status.peers.map(({ provider }) => provider)),
      ...said.cpe.flatMap(({ status }) => status.wans.map(({ provider }) => provider)),
    ]);
    const absent = [...known].filter((name) => !said.bng.some(({ status }) => status.name === name));
    const providers = [
      ...said.bng.map(({ status }) => status),
      ...absent.map((name) => bng.silent(whyAbsent(name))),
    ]
      .map((provider) => withPeer(provider, said.internet))
      .map((provider, _, all) => withoutOthers(withCpe(provider, attached), all));
    const order = expected?.providers ?? [];
    const rank = ({ name }: ProviderStatus): number =>
      order.includes(name) ? order.indexOf(name) : order.length;
    const named = providers.map((one) => ({ ...one, leaks: withOwners(one.leaks, providers) }));
    return { providers: named.sort((one, other) => rank(one) - rank(other) || byName(one, other)) };
  },
  nodes: ({ providers }) =>
    providers.map((provider) => {
      const problems = [...provider.problems, ...unrouted(provider)];
      const node = plainNode({
        ...provider,
        problems: problems.map((problem) => dated(problem, provider)),
      });
      // With a fault it does something else than its lab file says, whether that is seen as a problem or not.
      return { ...node, healthy: node.healthy && provider.faults.length === 0 };
    }),
};

/** A provider's BNG. */
export const bng = {
  title: "provider",
  text: "the BNG of a provider: its tunnel to the internet, router advertisements and DHCPv6 prefix delegation on its subscriber link",
  number: "one per provider",
  image: "bng",
  command: [],
  capabilities: NETWORK_CAPABILITIES,
  devices: [TUN],
  // ICMPv6 errors about a wrong source inherit the mark that says to whom they go.
  sysctls: { ...ROUTER_SYSCTLS, "net.ipv6.fwmark_reflect": "1" },
  limits: LIMITS.bng,
  chosen: true,
  needsAllProviders: false,
  leavesLast: false,
  holdsFiles: true,
  keepsState: true,
  isOperator: true,
  followsResolvers: false,
  needsHostResolvers: true,
  judge,
  silent: (silence) => silentStatus("bng", silence),
  captureInterfaces: ({ uplink, subscriber }) => ({
    uplink: uplink.interface,
    subscriber: subscriber.interface,
  }),
  inStatus,
} as const satisfies NodeRole<ProviderStatus>;

function judge(status: ProviderStatus, patience: Patience): Verdict {
  const { problems, uplink } = status;
  if (status.ready && problems.length === 0) return { kind: "ready" };
  const absent = problems.find(({ code }) => SUBSCRIBER_PROBLEMS.has(code));
  if (!patience.strict) {
    const { answeredForMs, realFarSides, realSubscriber } = patience;
    const farSideDone =
      uplink.state === "up" || (realFarSides.has(status.name) && answeredForMs >= FAR_SIDE_PATIENCE_MS);
    const subscriberDone =
      absent === undefined || (realSubscriber && answeredForMs >= SUBSCRIBER_PATIENCE_MS);
    const others = problems.filter(
      ({ code }) => !UPLINK_PROBLEMS.has(code) && !SUBSCRIBER_PROBLEMS.has(code),
    );
    const owed = absent ?? problems.find(({ code }) => UPLINK_PROBLEMS.has(code));
    if (farSideDone && subscriberDone && others.length === 0 && owed !== undefined)
      return { kind: "settled", warning: dated(owed, status) };
  }
  return { kind: "waiting", detail: problems[0]?.message ?? detail(status) };
}

function detail({ uplink, subscriber, state }: ProviderStatus): string {
  if (uplink.state !== "up") return "waiting for a handshake";
  if (!subscriber.present) return `waiting for the subscriber interface ${subscriber.interface}`;
  return state === "starting" ? "starting its daemons" : "not ready yet";
}

/** Of a provider whose engine does not answer: what the bundled internet knows of its tunnel. */
function withPeer(provider: ProviderStatus, internet: LabTold["said"]["internet"]): ProviderStatus {
  if (provider.state !== "unknown") return provider;
  const peers = internet.flatMap(({ status }) => status.peers);
  const peer = peers.find((one) => one.provider === provider.name);
  if (peer === undefined) return provider;
  const { handshakeAt } = peer;
  const heard = handshakeAt === null ? "no handshake with it yet" : `its last handshake at ${handshakeAt}`;
  return {
    ...provider,
    uplink: { ...provider.uplink, handshakeAt },
    problems: provider.problems.map((problem) => ({
      ...problem,
      message: `${problem.message}; the internet had ${heard}`,
    })),
  };
}

/** Only the lab knows that the other end of a BNG's veth is one of its CPEs. */
function withCpe(
  provider: ProviderStatus,
  attached: ReadonlyMap<string, string | undefined>,
): ProviderStatus {
  const place = attached.get(provider.name);
  return place === undefined
    ? provider
    : { ...provider, subscriber: { ...provider.subscriber, kind: "cpe", place } };
}

/** Without the other providers among those who were heard on a link that they share. */
function withoutOthers(provider: ProviderStatus, all: readonly ProviderStatus[]): ProviderStatus {
  const { subscriber, name } = provider;
  const others = new Set(all.flatMap((one) => (one.name === name ? [] : (one.subscriber.mac ?? []))));
  const neighbours = subscriber.neighbours.filter(({ mac }) => !others.has(mac));
  return { ...provider, subscriber: { ...subscriber, neighbours } };
}

/** With the time since when a far side is silent, which an agent does not put into words: they would change each second. */
function dated(problem: Problem, { uplink }: ProviderStatus): Problem {
  const { answeredAt } = uplink;
  if (problem.code !== "stale-tunnel" || answeredAt === null) return problem;
  return { ...problem, message: `${problem.message}; it last answered at ${clockOf(answeredAt)}` };
}

function unrouted({ delegations, problems }: ProviderStatus): Problem[] {
  if (problems.some(({ code }) => code === "not-routed")) return [];
  return delegations
    .filter(({ routed }) => !routed)
    .map(({ prefix }) => ({ code: "not-routed", message: `${prefix} is delegated, but has no route` }));
}
