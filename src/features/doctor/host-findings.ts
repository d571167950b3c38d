import { LET_BRIDGED_PASS } from "../../core/model/host/bridge-filter.ts";
import { block, ok, warn, type Finding } from "../../core/model/host/finding.ts";
import type { HostFacts } from "../../core/model/host/facts.ts";
import { FEATURES } from "./features.ts";
import { parseNicMark } from "../../core/model/host/nic-record.ts";

/** Below this, images or logs of a lab may not fit. */
const LITTLE_KIB = 3 * 1024 * 1024;
/** What Linux has by default; a BNG lets newcomers take less than that. */
const USUAL_NEIGHBOURS = 1024;

/** Names of the kernel features that a lab makes use of, so that its absence blocks instead of only being told. */
export type Needs = ReadonlySet<string>;

/** What the engine's host lacks or does that a lab suffers from. */
export function hostFindings(facts: HostFacts, needs: Needs): Finding[] {
  return [
    ...accessFindings(facts),
    ...featureFindings(facts, needs),
    ipv6Finding(facts),
    ...forwardingFinding(facts),
    ...neighbourFinding(facts),
    ...bridgeFindings(facts),
    ...managerFinding(facts),
    ...leftoverFindings(facts),
    ...diskFinding(facts.freeKib),
  ];
}

function accessFindings({ enter, missingCapabilities }: HostFacts): Finding[] {
  const capabilities =
    missingCapabilities.length === 0
      ? ok("capabilities", "containers get the capabilities that a BNG needs")
      : block(
          "capabilities",
          `the engine does not grant ${missingCapabilities.join(", ")}`,
          "use an engine of the system that runs as root",
        );
  if (enter === true) return [capabilities, ok("birth-namespace", "the host's network can be entered")];
  return [
    capabilities,
    block(
      "birth-namespace",
      `the host's network cannot be entered: ${enter}`,
      "use an engine of the system, neither rootless nor inside a container, or mhlab --sandbox",
    ),
  ];
}

/** What the kernel knows of all that labs make use of. */
export function featureFindings({ features }: HostFacts, needs: Needs): Finding[] {
  return FEATURES.flatMap(({ name, use, module, vital }): Finding[] => {
    const id = `kernel-${name}`;
    const there = features.get(name);
    if (there === undefined) return [];
    if (there) return [ok(id, `the kernel knows ${use}`)];
    const mend = `sudo modprobe ${module}`;
    if (name === "wireguard" && features.get("tun") !== false) {
      return [warn(id, "the kernel lacks WireGuard; wireguard-go does its work, at a lower rate", mend)];
    }
    const cut = vital === true || needs.has(name) || (name === "wireguard" && features.get("tun") === false);
    return [(cut ? block : warn)(id, `the kernel lacks ${use}`, mend)];
  });
}

function ipv6Finding({ ipv6Disabled, enter }: HostFacts): Finding {
  if (ipv6Disabled === undefined) {
    return enter === true
      ? block(
          "ipv6",
          "the kernel has no IPv6",
          "take ipv6.disable=1 out of the kernel's command line, and restart the machine",
        )
      : warn("ipv6", "whether IPv6 is disabled cannot be told");
  }
  if (ipv6Disabled.length === 0) return ok("ipv6", "IPv6 is on everywhere");
  const settings = ipv6Disabled.map((scope) => `net.ipv6.conf.${scope}.disable_ipv6=0`).join(" ");
  return warn(
    "ipv6",
    `IPv6 is disabled on the host (${ipv6Disabled.join(", ")}): far sides with an IPv6 endpoint cannot be reached`,
    `sudo sysctl -w ${settings}`,
  );
}

function forwardingFinding({ forwarding }: HostFacts): Finding[] {
  if (forwarding === undefined) return [];
  const does = forwarding ? "forwards IPv6" : "does not forward IPv6";
  return [ok("forwarding", `the host ${does}; a lab does not need it to`)];
}

/** The table is the machine's: all namespaces share it, and what does not fit is not reached. */
function neighbourFinding({ mostNeighbours }: HostFacts): Finding[] {
  if (mostNeighbours === undefined) return [];
  const id = "neighbours";
  if (mostNeighbours >= USUAL_NEIGHBOURS)
    return [
      ok(id, `the machine remembers ${mostNeighbours} IPv6 neighbours, those of all containers together`),
    ];
  return [
    warn(
      id,
      `the machine remembers only ${mostNeighbours} IPv6 neighbours, those of all containers together`,
      `sudo sysctl -w net.ipv6.neigh.default.gc_thresh3=${4 * USUAL_NEIGHBOURS}`,
    ),
  ];
}

function bridgeFindings({ bridgeCalls, dropping, legacyTables }: HostFacts): Finding[] {
  const id = "bridge-filter";
  if (bridgeCalls !== true) return [ok(id, "bridged IPv6 does not pass the host's packet filter")];
  if (dropping === undefined || legacyTables) {
    const what = legacyTables ? "rules of the older ip6tables" : "the host's packet filter";
    return [
      warn(
        id,
        `bridged IPv6 passes ${what}, which cannot be read from here: a bridge may be starved`,
        LET_BRIDGED_PASS,
      ),
    ];
  }
  if (dropping.length === 0)
    return [ok(id, "bridged IPv6 passes the host's packet filter, which lets it through")];
  return [
    warn(
      id,
      `br_netfilter is on and ${dropping.join(", ")} drops: bridges of the host lose router advertisements and neighbour discovery`,
      LET_BRIDGED_PASS,
    ),
  ];
}

/** Which interfaces are theirs matters only for those that a lab takes: asked with the lab file. */
function managerFinding({ running }: HostFacts): Finding[] {
  if (running.length === 0)
    return [ok("nic-managers", "neither NetworkManager nor systemd-networkd runs on the host")];
  const names = running.join(" and ");
  return [
    ok(
      "nic-managers",
      `${names} runs on the host; \`mhlab doctor lab.yaml\` says whether it manages an interface that a BNG takes`,
    ),
  ];
}

/** Interfaces that a killed BNG left behind. One that a living BNG holds is not in the host's namespace. */
function leftoverFindings({ network }: HostFacts): Finding[] {
  return (network?.links ?? []).flatMap((link) => {
    const mark = parseNicMark(link.ifalias);
    if (mark === undefined) return [];
    const { record, provider } = mark;
    const name = link.ifname;
    const commands = [
      `sudo ip link set ${name} mtu ${record.mtu}${record.up ? " up" : ""}`,
      ...record.addresses.map((address) => `sudo ip addr add ${address} dev ${name}`),
      `sudo ip link set ${name} alias '${record.alias.replaceAll("'", "")}'`,
    ];
    return [
      warn(
        `left-${name}`,
        `${name} is as the killed BNG ${provider} left it`,
        `mhlab up lab.yaml takes it again; or by hand: ${commands.join("; ")}`,
      ),
    ];
  });
}

function diskFinding(freeKib: number | undefined): Finding[] {
  if (freeKib === undefined) return [];
  const gib = (freeKib / 1024 / 1024).toFixed(1);
  return freeKib < LITTLE_KIB
    ? [warn("disk", `${gib} GiB are free where the engine keeps its data`, "docker system prune")]
    : [ok("disk", `${gib} GiB are free where the engine keeps its data`)];
}
