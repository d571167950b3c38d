import {
  changes,
  presentRoutes,
  presentRules,
  ROUTE_PROTOCOL,
  type RouteEntry,
  type RuleEntry,
} from "../../core/render/cpe/routing.ts";
import { CommandError, inBirth, run, runJson } from "../programs/command.ts";
import type { Link } from "./link.ts";

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

/** Makes the agent's routes and rules equal to these, which are words of `ip -6`. */
export async function syncRouting(routes: readonly string[], rules: readonly string[]): Promise<void> {
  const [foundRules, foundRoutes] = await Promise.all([readRules(), readOwnRoutes()]);
  await ipBatch([
    ...changes("route", presentRoutes(foundRoutes), routes),
    ...changes("rule", presentRules(foundRules), rules),
  ]);
}

/** Adds what is missing of these, and takes nothing away. */
export async function addRouting(routes: readonly string[], rules: readonly string[]): Promise<void> {
  const [foundRules, foundRoutes] = await Promise.all([readRules(), readOwnRoutes()]);
  const [haveRoutes, haveRules] = [presentRoutes(foundRoutes), presentRules(foundRules)];
  await ipBatch([
    ...changes("route", haveRoutes, [...haveRoutes, ...routes]),
    ...changes("rule", haveRules, [...haveRules, ...rules]),
  ]);
}

/** The routing rules of all kinds. */
function readRules(): Promise<RuleEntry[]> {
  return runJson<RuleEntry>(["ip", "-6", "-j", "rule", "show"]);
}

/** The routes of the agent's own making, in all tables. */
function readOwnRoutes(): Promise<RouteEntry[]> {
  return runJson<RouteEntry>(["ip", "-6", "-j", "route", "show", "table", "all", "proto", ROUTE_PROTOCOL]);
}

/** The default routes that the kernel learned from router advertisements. */
export function readAdvertisedRouters(): Promise<RouteEntry[]> {
  return runJson<RouteEntry>(["ip", "-6", "-j", "route", "show", "default", "proto", "ra"]);
}

/**
 * Runs all lines by `ip -batch`, also after one that fails, and throws CommandError then; not for what vanished since it
 * was seen: its end is an event that brings the next comparison.
 */
export async function ipBatch(lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  try {
    await run(["ip", "-6", "-force", "-batch", "-"], { input: `${lines.join("\n")}\n` });
  } catch (error) {
    if (!(error instanceof CommandError) || !onlyVanished(error.stderr)) throw error;
  }
}

function onlyVanished(stderr: string): boolean {
  return stderr
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("Command failed"))
    .every((line) => /Cannot find device|No such process|No such device/.test(line));
}

/** Whether a link waits to be claimed: its maker sets it up last, so that nobody takes it half made. */
export function isOffered(link: Link | undefined): boolean {
  return link !== undefined && link.flags.includes("UP");
}
