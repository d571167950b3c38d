import { existsSync, readFileSync, rmSync } from "node:fs";

import { formatNicMark, parseNicMark, type NicRecord } from "../../core/model/host/nic-record.ts";
import { CONFIG_FOLDER, NODE_FOLDER, OPERATOR_FOLDER } from "../../core/model/names.ts";
import { replaceFile } from "../files.ts";
import { inBirth, run, runJson } from "../programs/command.ts";
import { readBirthLink, type Link } from "../net/link.ts";

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

/**
 * Writes down what an interface is like, into a file and onto itself, and returns that; one that was taken before keeps its
 * first record.
 */
export async function recordNic(node: string, link: Link): Promise<StoredNic> {
  const stored = readStoredNic(node, link);
  if (stored !== undefined) return stored;
  // Who gives it back at this moment clears the mark and then the file: it may be as it was by now.
  const now = isMarked(link) ? ((await readBirthLink(link.ifname)) ?? link) : link;
  const record = parseNicMark(now.ifalias)?.record ?? observe(now);
  const routes = isMarked(now) ? [] : await readRoutes(link.ifname);
  const whole = { ...record, name: link.ifname, routes };
  store(node, whole);
  await run(inBirth(["ip", "link", "set", "dev", link.ifname, "alias", formatNicMark(node, record)]));
  return whole;
}

/** Writes the record of an interface that is here once more, if a keeper just then took it for one to be given back. */
export async function keepRecord(node: string, record: StoredNic, link: Link): Promise<void> {
  if (readStoredNic(node, link) !== undefined) return;
  store(node, record);
  await run(["ip", "link", "set", "dev", link.ifname, "alias", formatNicMark(node, record)]);
}

/** What was written down of an interface that bears the node's mark; undefined when the file tells of another time. */
export function readStoredNic(node: string, { ifname, ifalias }: Link): StoredNic | undefined {
  try {
    const stored = JSON.parse(readFileSync(fileOf(node), "utf8")) as StoredNic;
    return stored.name === ifname && formatNicMark(node, stored) === ifalias ? stored : undefined;
  } catch {
    return undefined;
  }
}

/** Forgets the record, when the interface is home. */
export function forgetNic(node: string): void {
  rmSync(fileOf(node), { force: true });
}

function isMarked(link: Link): boolean {
  return parseNicMark(link.ifalias) !== undefined;
}

/**
 * In the folder that the lab's operators share, where the keeper reads it when the BNG was killed or removed. A host has no
 * part in that: what it writes goes with its container, and the keeper knows what the mark on the interface tells.
 */
function fileOf(node: string): string {
  if (existsSync(OPERATOR_FOLDER)) return `${OPERATOR_FOLDER}/${node}.nic.json`;
  return `${[NODE_FOLDER, CONFIG_FOLDER].find((folder) => existsSync(folder)) ?? "/run"}/nic.json`;
}

function store(node: string, record: StoredNic): void {
  replaceFile(fileOf(node), JSON.stringify(record));
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
