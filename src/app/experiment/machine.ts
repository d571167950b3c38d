import type { MachineFacts } from "../../core/experiment/model.ts";
import type { SeenMember } from "../agents/member.ts";
import { forEachBounded } from "../bounded.ts";
import { within } from "./limits.ts";

/** What of the kernel decides how members behave: addresses, routers, sources, and how TCP gives up. */
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
];
const AT_ONCE = 8;
const LIMIT_MS = 10_000;

export interface Inventory {
  readonly mhlab: string;
  readonly engine: string;
  readonly clock: MachineFacts["clock"];
  readonly signal: AbortSignal;
}

/** With what a run ran. Members that do not answer are left out: they may be a part of the experiment. */
export async function inventory(members: readonly SeenMember[], options: Inventory): Promise<MachineFacts> {
  const { mhlab, engine, clock, signal } = options;
  const sysctls: Record<string, string> = {};
  const queues: Record<string, string> = {};
  let kernel = "";
  await forEachBounded(members, AT_ONCE, async (member) => {
    const ask = async (...argv: string[]): Promise<string> => {
      const limit = { what: argv.join(" "), ms: LIMIT_MS, signal };
      return (
        (await within(limit, (ending) => member.exec(argv, ending)).catch(() => undefined))?.stdout ?? ""
      );
    };
    if (kernel === "") kernel = (await ask("uname", "-srvm")).trim();
    for (const line of (await ask("sysctl", "-e", ...SYSCTLS)).split("\n")) {
      const [, name, value] = /^(\S+) = (.*)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) sysctls[`${member.name}: ${name}`] = value;
    }
    const text = await ask("tc", "-s", "qdisc");
    if (text !== "") queues[member.name] = text;
  });
  const images = members.map(({ name, container: { image, imageId } }) => [
    name,
    imageId === undefined ? image : `${image} ${imageId}`,
  ]);
  return {
    mhlab,
    kernel,
    engine,
    images: sorted(Object.fromEntries(images) as Record<string, string>),
    sysctls: sorted(sysctls),
    queues: sorted(queues),
    clock,
  };
}

/** In an order that does not depend on who answered first. */
function sorted(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1)));
}
