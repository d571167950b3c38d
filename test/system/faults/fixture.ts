import { expect } from "vitest";
import type { FaultStatus, LabStatus, ProviderStatus } from "../../../src/core/model/status/model.ts";
import { containerName } from "../../../src/core/model/names.ts";
import { statusOf } from "../lab/fixture.ts";
import { eventually, paths, run, type CommandResult } from "../support/sandbox.ts";

/** A running lab of which faults are asked. */
export interface FaultyLab {
  readonly lab: string;
  /** Runs a command in a node; its exit code is data. */
  readonly inside: (node: string, argv: readonly string[], timeoutMs?: number) => Promise<CommandResult>;
  /** Asks the provider's agent itself, which costs less than mhlab; throws what it says when it does not do it. */
  readonly inject: (kind: string, provider: string, words?: readonly string[]) => Promise<FaultStatus>;
  readonly heal: (provider: string, which?: string) => Promise<FaultStatus[]>;
  readonly faults: (provider: string) => Promise<FaultStatus[]>;
  readonly provider: (name: string) => Promise<ProviderStatus>;
  /** Waits until the lab is healthy again. */
  readonly healthy: () => Promise<LabStatus>;
  /** What the kernel and the daemons of a provider have, without what time and customers change of it. */
  readonly snapshot: (provider: string) => Promise<Snapshot>;
}

/** By what is looked at. */
export type Snapshot = Readonly<Record<string, unknown>>;

export function faultyLab(lab: string): FaultyLab {
  const inside: FaultyLab["inside"] = (node, argv, timeoutMs = 30_000) =>
    run(["docker", "-H", `unix://${paths.socket}`, "exec", containerName(lab, node), ...argv], {
      check: false,
      timeoutMs,
    });
  const provider: FaultyLab["provider"] = async (name) => {
    const { stdout } = await inside(name, ["bng", "status"]);
    return JSON.parse(stdout) as ProviderStatus;
  };
  return {
    lab,
    inside,
    provider,
    inject: async (kind, name, words = []) => {
      const { stdout } = await inside(name, ["bng", "inject", kind, ...words]);
      const { fault } = JSON.parse(stdout) as { fault?: FaultStatus };
      if (fault === undefined) throw new Error(stdout);
      return fault;
    },
    heal: async (name, which = "all") => {
      const { stdout } = await inside(name, ["bng", "clear", which]);
      const { cleared } = JSON.parse(stdout) as { cleared?: FaultStatus[] };
      if (cleared === undefined) throw new Error(stdout);
      return cleared;
    },
    faults: async (name) => (await provider(name)).faults,
    healthy: () =>
      eventually(
        async () => {
          const status = await statusOf(lab);
          expect(status).toMatchObject({ healthy: true });
          return status;
        },
        { timeoutMs: 60_000, everyMs: 500 },
      ),
    snapshot: (name) => snapshot(name, inside),
  };
}

async function snapshot(name: string, inside: FaultyLab["inside"]): Promise<Snapshot> {
  const look = async (...argv: string[]): Promise<string> => {
    const { code, stdout, stderr } = await inside(name, argv);
    if (code !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
    return stdout;
  };
  const [rules, routes, policies, addresses, links, neighbours, qdiscs, classes, bird, kea] =
    await Promise.all([
      look("nft", "-j", "-s", "list", "ruleset"),
      look("ip", "-6", "-j", "route", "show", "table", "all"),
      look("ip", "-6", "-j", "rule", "show"),
      look("ip", "-6", "-j", "addr", "show"),
      look("ip", "-j", "link", "show"),
      look("ip", "-6", "-j", "neigh", "show", "nud", "permanent"),
      look("tc", "-j", "qdisc", "show"),
      look("tc", "-j", "class", "show", "dev", "line-up"),
      look("cat", "/run/mhlab/bird.conf"),
      look("cat", "/run/mhlab/kea-dhcp6.conf"),
    ]);
  return {
    rules: (JSON.parse(rules) as { nftables: object[] }).nftables.map(withoutTraffic),
    routes: listed(routes),
    policies: listed(policies),
    addresses: listed(addresses),
    links: listed(links),
    neighbours: listed(neighbours),
    qdiscs: listed(qdiscs.replaceAll(/"direct_packets_stat":\s*\d+,?/g, "")),
    classes: listed(classes),
    bird,
    kea,
  };
}

/** An object of `nft -j` without its number, and without what packets put into it. */
function withoutTraffic(object: object): unknown {
  const dropped = new Set(["handle", "packets", "bytes"]);
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== "object" || value === null) return value;
    const { flags } = value as { flags?: string[] };
    const dynamic = Array.isArray(flags) && flags.includes("dynamic");
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !dropped.has(key) && !(dynamic && key === "elem"))
        .map(([key, item]) => [key, key === "elem" ? unordered(strip(item)) : strip(item)]),
    );
  };
  return strip(object);
}

function unordered(value: unknown): unknown {
  return Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : value;
}

/** Numbers that the kernel gives to links, and times. */
const NUMBERS = new Set(["ifindex", "link", "link_index", "link_netnsid", "expires"]);

/** Entries of `ip -j`, whose order says nothing; the link-local address of a tunnel is another one each time. */
function listed(json: string): string[] {
  const entries = json.trim() === "" ? [] : (JSON.parse(json) as object[]);
  return entries
    .map((entry) =>
      JSON.stringify(Object.fromEntries(Object.entries(entry).filter(([key]) => !NUMBERS.has(key)))),
    )
    .map((text) => (text.includes('"wg-') ? text.replaceAll(/"fe80::[0-9a-f:]{4,}"/g, '"fe80::…"') : text))
    .sort();
}
