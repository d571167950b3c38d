import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { formatNicMark, parseNicMark, type NicRecord } from "../../core/bng/nic-record.ts";
import { inBirth, run, runJson } from "../net/command.ts";
import type { Link } from "../net/link.ts";

/** In the container's own layer: it outlives restarts and kills of the container. */
const FILE = "/var/lib/mhlab/nic.json";

/** A record with what only fits a file. */
export interface StoredNic extends NicRecord {
  readonly name: string;
  /** `ip route` words that make each of its own routes again, after `-4` or `-6`. */
  readonly routes: readonly (readonly string[])[];
}

interface Route {
  readonly dst: string;
  readonly gateway?: string;
  readonly metric?: number;
  readonly prefsrc?: string;
  readonly protocol?: string;
}

/** Writes down what an interface is like, into a file and onto itself; one that was taken before keeps its first record. */
export async function recordNic(provider: string, link: Link): Promise<void> {
  const earlier = parseNicMark(link.ifalias)?.record;
  if (earlier !== undefined && readStoredNic(link.ifname) !== undefined) return;
  const record = earlier ?? observe(link);
  const routes = earlier === undefined ? await readRoutes(link.ifname) : [];
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(`${FILE}.new`, JSON.stringify({ name: link.ifname, ...record, routes } satisfies StoredNic));
  renameSync(`${FILE}.new`, FILE);
  await run(inBirth(["ip", "link", "set", "dev", link.ifname, "alias", formatNicMark(provider, record)]));
}

/** What was written down of an interface in this container; undefined when it was another one, or none. */
export function readStoredNic(name: string): StoredNic | undefined {
  try {
    const stored = JSON.parse(readFileSync(FILE, "utf8")) as StoredNic;
    return stored.name === name ? stored : undefined;
  } catch {
    return undefined;
  }
}

/** Forgets the record, when the interface is home. */
export function forgetNic(): void {
  rmSync(FILE, { force: true });
}

function observe(link: Link): NicRecord {
  // Addresses of advertisements come by themselves.
  const addresses = (link.addr_info ?? [])
    .filter(({ family, scope, dynamic }) => scope === "global" && (family === "inet" || dynamic !== true))
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`);
  return { mtu: link.mtu, up: link.flags.includes("UP"), addresses, alias: link.ifalias ?? "" };
}

/** Routes that someone made; those of addresses and of advertisements come by themselves. */
async function readRoutes(name: string): Promise<string[][]> {
  const families = await Promise.all(
    ["-4", "-6"].map(async (family) => {
      const routes = await runJson<Route>(inBirth(["ip", "-j", family, "route", "show", "dev", name]));
      return routes
        .filter(({ protocol }) => protocol !== "kernel" && protocol !== "ra")
        .map((route) => [family, ...wordsOf(route)]);
    }),
  );
  return families.flat();
}

function wordsOf({ dst, gateway, metric, prefsrc, protocol }: Route): string[] {
  return [
    dst,
    ...(gateway === undefined ? [] : ["via", gateway]),
    ...(metric === undefined ? [] : ["metric", String(metric)]),
    ...(prefsrc === undefined ? [] : ["src", prefsrc]),
    ...(protocol === undefined ? [] : ["proto", protocol]),
  ];
}
