import { silentStatus, type InternetStatus } from "../../model/status/model.ts";
import { INTERNET_NAME } from "../../model/names.ts";
import { plainNode, type InStatus, type NodeRole } from "./node.ts";
import { LIMITS, NETWORK_CAPABILITIES, ROUTER_SYSCTLS, TUN } from "./rights.ts";

const inStatus: InStatus = {
  report({ said, expected, whyAbsent }) {
    const status = said.internet[0]?.status;
    if (status !== undefined) return { internet: status };
    // Where no engine is named, one that is missing was never shown.
    return expected?.engineOf?.[INTERNET_NAME] === undefined
      ? {}
      : { internet: internet.silent(whyAbsent(INTERNET_NAME)) };
  },
  nodes: ({ internet }) => (internet === undefined ? [] : [plainNode(internet)]),
};

/** The bundled internet. */
export const internet = {
  title: "internet",
  text: "the far side of every tunnel, and the servers of an internet that needs no outside connection",
  number: "one with `internet: bundled`",
  image: "internet",
  command: [],
  capabilities: NETWORK_CAPABILITIES,
  devices: [TUN],
  sysctls: ROUTER_SYSCTLS,
  limits: LIMITS.internet,
  chosen: false,
  needsAllProviders: false,
  leavesLast: false,
  holdsFiles: false,
  keepsState: false,
  isOperator: true,
  followsResolvers: false,
  needsHostResolvers: true,
  judge: ({ ready, problems }) =>
    ready
      ? { kind: "ready" }
      : { kind: "waiting", detail: problems[0]?.message ?? "it prepares its tunnels" },
  silent: (silence) => silentStatus("internet", silence),
  captureInterfaces: ({ peers }) => Object.fromEntries(peers.map((peer) => [peer.provider, peer.interface])),
  inStatus,
} as const satisfies NodeRole<InternetStatus>;
