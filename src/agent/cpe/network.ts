import type { RouteEntry, RuleEntry } from "../../core/cpe/routing.ts";
import { ROUTE_PROTOCOL } from "../../core/cpe/routing.ts";
import { inBirth, run, runJson } from "../net/command.ts";
import type { Link } from "../net/link.ts";

/** Every link of the agent's namespace with its addresses, by name. */
export async function readLinks(): Promise<Map<string, Link>> {
  return byName(await runJson<Link>(["ip", "-j", "-d", "addr", "show"]));
}

/** Every link of the birth namespace, by name. */
export async function readBirthLinks(): Promise<Map<string, Link>> {
  return byName(await runJson<Link>(inBirth(["ip", "-j", "link", "show"])));
}

function byName(links: readonly Link[]): Map<string, Link> {
  return new Map(links.filter(({ ifname }) => ifname !== undefined).map((link) => [link.ifname, link]));
}

/** The routing rules of all kinds. */
export function readRules(): Promise<RuleEntry[]> {
  return runJson<RuleEntry>(["ip", "-6", "-j", "rule", "show"]);
}

/** The routes of the agent's own making, in all tables. */
export function readOwnRoutes(): Promise<RouteEntry[]> {
  return runJson<RouteEntry>(["ip", "-6", "-j", "route", "show", "table", "all", "proto", ROUTE_PROTOCOL]);
}

/** The default routes that the kernel learned from router advertisements. */
export function readAdvertisedRouters(): Promise<RouteEntry[]> {
  return runJson<RouteEntry>(["ip", "-6", "-j", "route", "show", "default", "proto", "ra"]);
}

/** Runs `ip -batch`; nothing when there are no lines. */
export async function ipBatch(lines: readonly string[], options: { force?: boolean } = {}): Promise<void> {
  if (lines.length === 0) return;
  const force = options.force === true ? ["-force"] : [];
  await run(["ip", "-6", ...force, "-batch", "-"], { input: `${lines.join("\n")}\n` });
}

/** Whether a link waits to be claimed: its maker sets it up last, so that nobody takes it half made. */
export function isOffered(link: Link | undefined): boolean {
  return link !== undefined && link.flags.includes("UP");
}
