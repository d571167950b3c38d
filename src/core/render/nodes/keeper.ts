import { silentStatus, type KeeperStatus } from "../../model/status/model.ts";
import type { NodeRole } from "./node.ts";
import { CONFINING_CAPABILITIES, LIMITS } from "./rights.ts";

/** The container that brings interfaces home from BNGs that were killed, and links into containers that come or come again. */
export const keeper = {
  title: "keeper",
  text: "outlives the BNGs that took an interface of the host, and makes what a killed one left what it was; brings links into containers of yours, whenever these come",
  number: "one where a provider takes an interface of the host, or its link goes into a container",
  image: "bng",
  command: ["keeper"],
  capabilities: ["NET_ADMIN", "SYS_ADMIN", ...CONFINING_CAPABILITIES],
  devices: [],
  sysctls: {},
  limits: LIMITS.keeper,
  chosen: false,
  needsAllProviders: false,
  // It gives back at its end what a killed BNG left.
  leavesLast: true,
  holdsFiles: true,
  keepsState: false,
  isOperator: true,
  followsResolvers: false,
  needsHostResolvers: false,
  judge: () => ({ kind: "ready" }),
  silent: (silence) => silentStatus("keeper", silence),
  captureInterfaces: () => ({}),
} as const satisfies NodeRole<KeeperStatus>;
