import type { MachineFacts } from "../../core/judge/experiment/record.ts";
import { RECORDED_PACKAGES } from "../../core/render/confinement/packages.ts";
import type { SeenNode } from "../agents/node.ts";
import { forEachBounded } from "../bounded.ts";
import { within } from "./steps/limits.ts";

/** What of the kernel decides how nodes behave: addresses, routers, sources, and how TCP gives up. */
const SYSCTLS = [
  "net.ipv6.conf.all.forwarding",
  "net.ipv6.conf.all.accept_ra",
  "net.ipv6.conf.default.accept_ra",
  "net.ipv6.conf.all.use_tempaddr",
  "net.ipv6.conf.default.use_tempaddr",
  "net.ipv6.conf.default.addr_gen_mode",
  "net.ipv6.conf.default.router_solicitation_delay",
  "net.ipv6.conf.all.use_optimistic",
  "net.ipv6.icmp.ratelimit",
  "net.ipv4.tcp_congestion_control",
  "net.ipv4.tcp_retries2",
  "net.ipv4.tcp_syn_retries",
  "net.mptcp.enabled",
  "net.ipv6.conf.default.dad_transmits",
  "net.ipv6.conf.all.accept_ra_rt_info_max_plen",
  "net.ipv6.neigh.default.gc_thresh3",
  "net.core.rmem_max",
];
/** Debian's packages among those asked for, and Node, which is none. */
const VERSIONS = `dpkg-query -W -f '\${Package} \${Version} \${db:Status-Abbrev}\\n' "$@" 2>/dev/null; echo "node $(node --version | tr -d v) ii"`;
const AT_ONCE = 8;
const LIMIT_MS = 10_000;

export interface Inventory {
  readonly mhlab: string;
  readonly commit: string | null;
  readonly engine: string;
  readonly clock: MachineFacts["clock"];
  readonly signal: AbortSignal;
}

/** With what a run ran. Nodes that do not answer are left out: they may be a part of the experiment. */
export async function inventory(
  nodes: readonly SeenNode[],
  options: Inventory,
): Promise<Omit<MachineFacts, "load">> {
  const { mhlab, commit, engine, clock, signal } = options;
  const packages: Record<string, Record<string, string>> = {};
  let hardware: MachineFacts["hardware"] = { cpu: null, cores: null, memoryBytes: null };
  const sysctls: Record<string, string> = {};
  const queues: Record<string, string> = {};
  let kernel = "";
  await forEachBounded(nodes, AT_ONCE, async (node) => {
    const ask = async (...argv: string[]): Promise<string> => {
      const limit = { what: argv.join(" "), ms: LIMIT_MS, signal };
      return (await within(limit, (ending) => node.exec(argv, ending)).catch(() => undefined))?.stdout ?? "";
    };
    if (kernel === "") kernel = (await ask("uname", "-srvm")).trim();
    if (hardware.cores === null) hardware = hardwareOf(await ask("cat", "/proc/cpuinfo", "/proc/meminfo"));
    const { image } = node.container;
    if (packages[image] === undefined) {
      packages[image] = {};
      packages[image] = versionsIn(await ask("sh", "-c", VERSIONS, "sh", ...RECORDED_PACKAGES));
    }
    for (const line of (await ask("sysctl", "-e", ...SYSCTLS)).split("\n")) {
      const [, name, value] = /^(\S+) = (.*)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) sysctls[`${node.name}: ${name}`] = value;
    }
    const text = await ask("tc", "-s", "qdisc");
    if (text !== "") queues[node.name] = text;
  });
  const images = nodes.map(({ name, container: { image, imageId } }) => [
    name,
    imageId === undefined ? image : `${image} ${imageId}`,
  ]);
  return {
    mhlab,
    commit,
    kernel,
    engine,
    hardware,
    packages: sorted(packages),
    images: sorted(Object.fromEntries(images) as Record<string, string>),
    sysctls: sorted(sysctls),
    queues: sorted(queues),
    clock,
  };
}

function versionsIn(text: string): Record<string, string> {
  const found = text.split("\n").flatMap((line) => {
    const [, name, version] = /^(\S+) (\S+) ii/.exec(line) ?? [];
    return name === undefined || version === undefined ? [] : [[name, version] as const];
  });
  return sorted(Object.fromEntries(found) as Record<string, string>);
}

function hardwareOf(text: string): MachineFacts["hardware"] {
  const cores = text.match(/^processor\s*:/gm)?.length ?? null;
  const kilobytes = /^MemTotal:\s+(\d+) kB$/m.exec(text)?.[1];
  return {
    cpu: /^(?:model name|Model)\s*:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? null,
    cores,
    memoryBytes: kilobytes === undefined ? null : Number(kilobytes) * 1024,
  };
}

/** In an order that does not depend on who answered first. */
function sorted<T>(values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)));
}
