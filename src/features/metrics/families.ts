import { least } from "../../core/model/least.ts";
import { waysOf } from "../../core/model/faults/fault.ts";
import { PREFIX_STATES } from "../../core/model/renumbering/phases.ts";
import { labProblems } from "../../core/judge/health/derive.ts";
import type {
  ContainerState,
  CpeStatus,
  LabStatus,
  Problem,
  ProviderStatus,
} from "../../core/model/status/model.ts";
import { secondsSince, secondsUntil } from "../../core/model/utc.ts";
import { known, truth, type Family, type Sample } from "./family.ts";

type Wan = CpeStatus["wans"][number];
type AnyHost = LabStatus["hosts"][number] | LabStatus["cpes"][number]["hosts"][number];

const ofProviders =
  (
    read: (provider: ProviderStatus, labels: Sample["labels"], nowS: number) => readonly Sample[],
  ): Family["read"] =>
  ({ providers }, nowS) =>
    providers.flatMap((provider) => read(provider, { provider: provider.name }, nowS));

const ofWans =
  (read: (wan: Wan, labels: Sample["labels"], nowS: number) => readonly Sample[]): Family["read"] =>
  ({ cpes }, nowS) =>
    cpes.flatMap(({ name, wans }) =>
      wans.flatMap((wan) => read(wan, { provider: wan.provider, cpe: name }, nowS)),
    );

const ofHosts =
  (read: (host: AnyHost, labels: Sample["labels"]) => readonly Sample[]): Family["read"] =>
  ({ cpes, hosts }) => [
    ...cpes.flatMap((cpe) => cpe.hosts.flatMap((host) => read(host, { cpe: cpe.name, host: host.name }))),
    ...hosts.flatMap((host) => read(host, { host: host.name })),
  ];

const gauge = (name: string, help: string, read: Family["read"]): Family => ({
  name,
  type: "gauge",
  help,
  read,
});
const counter = (name: string, help: string, read: Family["read"]): Family => ({
  name,
  type: "counter",
  help,
  read,
});

/** All metrics of a lab, in the order of the page. Adding one is a line here; docs/metrics.md is written from it. */
export const FAMILIES: readonly Family[] = [
  gauge("mhlab_lab_healthy", "Whether every node does all that it should.", ({ healthy }) => [
    truth({}, healthy),
  ]),
  gauge("mhlab_lab_problems", "Problems that nodes have.", (status) => [
    { labels: {}, value: labProblems(status).length },
  ]),
  gauge(
    "mhlab_node_up",
    "Whether the node's container runs and its agent answers without a problem.",
    (status) => nodesOf(status).map(({ labels, state }) => truth(labels, state === "running")),
  ),
  gauge("mhlab_node_problems", "Problems that the node has, by `code`; absent without one.", (status) =>
    nodesOf(status).flatMap(({ labels, problems }) =>
      [...new Set(problems.map(({ code }) => code))].map((code) => ({
        labels: { ...labels, code },
        value: problems.filter((problem) => problem.code === code).length,
      })),
    ),
  ),
  gauge("mhlab_node_ready", "Whether the node is ready for use.", (status) =>
    nodesOf(status).map(({ labels, ready }) => truth(labels, ready)),
  ),
  gauge(
    "mhlab_uplink_up",
    "Whether the provider's tunnel has a fresh handshake.",
    ofProviders(({ uplink }, labels) => [truth(labels, uplink.state === "up")]),
  ),
  gauge(
    "mhlab_uplink_rtt_seconds",
    "Round trip through the tunnel to the probe target; absent when it does not answer.",
    ofProviders(({ uplink }, labels) => known(labels, seconds(uplink.rttMs))),
  ),
  gauge(
    "mhlab_uplink_loss_ratio",
    "Share of the last 20 echoes to the probe target that were lost; absent before the first answer.",
    ofProviders(({ uplink }, labels) => known(labels, ratio(uplink.lossPct))),
  ),
  gauge(
    "mhlab_uplink_handshake_age_seconds",
    "Since the last WireGuard handshake; absent before the first.",
    ofProviders(({ uplink }, labels, nowS) => known(labels, since(uplink.handshakeAt, nowS))),
  ),
  gauge(
    "mhlab_uplink_answered_age_seconds",
    "Since the far side last answered; absent before it did.",
    ofProviders(({ uplink }, labels, nowS) => known(labels, since(uplink.answeredAt, nowS))),
  ),
  counter(
    "mhlab_uplink_receive_bytes_total",
    "Received through the tunnel since it was made.",
    ofProviders(({ uplink }, labels) => [{ labels, value: uplink.rxBytes }]),
  ),
  counter(
    "mhlab_uplink_transmit_bytes_total",
    "Sent through the tunnel since it was made.",
    ofProviders(({ uplink }, labels) => [{ labels, value: uplink.txBytes }]),
  ),
  gauge(
    "mhlab_subscriber_carrier",
    "Whether the subscriber interface is there and its other end is up.",
    ofProviders(({ subscriber }, labels) => [truth(labels, subscriber.present && subscriber.carrier)]),
  ),
  gauge(
    "mhlab_subscriber_neighbours",
    "Who was heard on the subscriber link within the last hour.",
    ofProviders(({ subscriber }, labels) => [{ labels, value: subscriber.neighbours.length }]),
  ),
  gauge(
    "mhlab_delegations",
    "Prefixes that are delegated now.",
    ofProviders(({ delegations }, labels) => [{ labels, value: delegations.length }]),
  ),
  gauge(
    "mhlab_delegations_unrouted",
    "Delegated prefixes of which the kernel has no route.",
    ofProviders(({ delegations }, labels) => [
      { labels, value: delegations.filter(({ routed }) => !routed).length },
    ]),
  ),
  gauge(
    "mhlab_delegations_capacity",
    "Prefixes that can be delegated at once.",
    ofProviders(({ capacity }, labels) => [{ labels, value: capacity.delegations }]),
  ),
  gauge(
    "mhlab_delegation_expiry_seconds",
    "Until the first of the provider's delegations ends; absent when there is none.",
    ofProviders(({ delegations }, labels, nowS) =>
      known(labels, least(delegations.map((one) => secondsUntil(one.expiresAt, nowS)))),
    ),
  ),
  gauge(
    "mhlab_address_leases",
    "Addresses that are leased by DHCPv6 now.",
    ofProviders(({ addresses }, labels) => [{ labels, value: addresses.length }]),
  ),
  counter(
    "mhlab_daemon_restarts_total",
    "How often daemons had to be started again.",
    ofProviders(({ restarts }, labels) =>
      Object.entries(restarts).map(([daemon, value]) => ({ labels: { ...labels, daemon }, value })),
    ),
  ),
  gauge(
    "mhlab_faults",
    "Faults that are injected now.",
    ofProviders(({ faults }, labels) => [{ labels, value: faults.length }]),
  ),
  gauge(
    "mhlab_prefixes",
    "Prefixes of a provider by their state: former ones while it is renumbered.",
    ofProviders(({ prefixes }, labels) =>
      PREFIX_STATES.map((state) => ({
        labels: { ...labels, state },
        value: prefixes.filter((one) => one.state === state).length,
      })),
    ),
  ),
  counter(
    "mhlab_fault_hits_packets_total",
    "Packets that a fault met since it began or the provider was last started.",
    ofProviders(({ faults }, labels) =>
      faults.flatMap(({ id, kind, hits }) =>
        waysOf("both").map((way) => ({
          labels: { ...labels, fault: id, kind, way },
          value: hits[way],
        })),
      ),
    ),
  ),
  counter(
    "mhlab_leaked_packets_total",
    "Packets at the port that do not belong there (BCP 38), whatever source validation does with them.",
    ofProviders(({ leaks }, labels) =>
      waysOf("both").map((way) => ({ labels: { ...labels, way }, value: leaks[way] })),
    ),
  ),
  counter(
    "mhlab_flooded_packets_total",
    "Neighbour discovery and DHCPv6 beyond the limits on the subscriber port.",
    ofProviders(({ flooded }, labels) => [{ labels, value: flooded.packets }]),
  ),
  counter(
    "mhlab_dropped_packets_total",
    "Other packets that the BNG drops: `wrapped` DHCPv6, those to `unassigned` addresses, `unsent` DHCPv6 replies, and Releases and Declines of `foreign` leases.",
    ofProviders(({ dropped }, labels) =>
      Object.entries(dropped).map(([why, value]) => ({ labels: { ...labels, why }, value })),
    ),
  ),
  gauge(
    "mhlab_wan_reachable",
    "Whether the probe target answers by this WAN; absent when there is none.",
    ofWans((wan, labels) => (wan.reach === "not-measured" ? [] : [truth(labels, wan.reach === "yes")])),
  ),
  gauge(
    "mhlab_wan_rtt_seconds",
    "Round trip from the CPE to the probe target by this WAN; absent when it does not answer.",
    ofWans((wan, labels) => known(labels, seconds(wan.rttMs))),
  ),
  gauge(
    "mhlab_wan_loss_ratio",
    "Share of the last 20 echoes by this WAN that were lost; absent before the first answer.",
    ofWans((wan, labels) => known(labels, ratio(wan.lossPct))),
  ),
  gauge(
    "mhlab_wan_prefix_valid_seconds",
    "Valid lifetime that is left of the delegated prefix; absent without one.",
    ofWans((wan, labels, nowS) => known(labels, until(wan.validUntil, nowS))),
  ),
  gauge(
    "mhlab_wan_prefix_preferred_seconds",
    "Preferred lifetime that is left of the delegated prefix; absent without one.",
    ofWans((wan, labels, nowS) => known(labels, until(wan.preferredUntil, nowS))),
  ),
  gauge(
    "mhlab_host_addresses",
    "Addresses of a host by their state (RFC 4862).",
    ofHosts(({ addresses }, labels) =>
      (["preferred", "deprecated", "tentative"] as const).map((state) => ({
        labels: { ...labels, state },
        value: addresses.filter((one) => one.state === state).length,
      })),
    ),
  ),
  gauge(
    "mhlab_host_default_routers",
    "Default routers that a host knows.",
    ofHosts(({ defaultRouters }, labels) => [{ labels, value: defaultRouters.length }]),
  ),
];

interface OneNode {
  readonly labels: Sample["labels"];
  readonly state: ContainerState;
  readonly ready: boolean;
  readonly problems: readonly Problem[];
}

/** Every node, by labels that name no two of them alike. */
function nodesOf({ providers, cpes, hosts, internet }: LabStatus): OneNode[] {
  const one = (labels: Sample["labels"], { state, ready, problems }: Omit<OneNode, "labels">): OneNode => ({
    labels,
    state,
    ready,
    problems,
  });
  return [
    ...(internet === undefined ? [] : [one({ role: "internet" }, internet)]),
    ...providers.map((provider) => one({ role: "bng", provider: provider.name }, provider)),
    ...cpes.flatMap((cpe) => [
      one({ role: "cpe", cpe: cpe.name }, cpe),
      ...cpe.hosts.map((host) => one({ role: "host", cpe: cpe.name, host: host.name }, host)),
    ]),
    ...hosts.map((host) => one({ role: "host", host: host.name }, host)),
  ];
}

function since(time: string | null, nowS: number): number | null {
  return time === null ? null : secondsSince(time, nowS);
}

function until(time: string | null, nowS: number): number | null {
  return time === null ? null : secondsUntil(time, nowS);
}

function ratio(percent: number | null): number | null {
  return percent === null ? null : percent / 100;
}

function seconds(milliseconds: number | null): number | null {
  // Without the noise of binary fractions.
  return milliseconds === null ? null : Number((milliseconds / 1000).toPrecision(12));
}
