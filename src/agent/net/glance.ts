import { existsSync, readFileSync } from "node:fs";

import type { Clock } from "../clock.ts";
import { readLink, type Link } from "./link.ts";

/**
 * What cannot be seen at a glance (altnames, protocols of routes) is looked at so often. A mode of making addresses can, but whoever
 * reads it waits, and works, as long as anybody on the machine changes a link; what it does shows in the addresses.
 */
const LOOK_AGAIN_MS = 120_000;
const IFF_UP = 1;
/** With a count of changes: a carrier that went while the program looked, and was back at the next glance, was remembered as gone. */
const TELLING = [
  "ifindex",
  "flags",
  "carrier",
  "carrier_changes",
  "operstate",
  "mtu",
  "address",
  "ifalias",
  "master/ifindex",
];

/** Whether a link of that name is in the agent's own namespace; starts no program. */
export function isPresent(name: string): boolean {
  return existsSync(`/sys/class/net/${name}`);
}

/** Whether a link of the agent's own namespace is there and set up; starts no program. */
export function isUp(name: string): boolean {
  return (Number(readOr(`/sys/class/net/${name}/flags`)) & IFF_UP) !== 0;
}

/** Remembers what a program said of the kernel as long as a glance at /sys and /proc shows no change. */
class Remembered<T> {
  readonly #clock: Clock;
  #seen: string | undefined;
  #value: T | undefined;
  #at = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async read(glance: string, look: () => Promise<T>): Promise<T> {
    if (
      this.#value !== undefined &&
      glance === this.#seen &&
      this.#clock.monotonicMs() - this.#at < LOOK_AGAIN_MS
    )
      return this.#value;
    this.#value = await look();
    this.#seen = glance;
    this.#at = this.#clock.monotonicMs();
    return this.#value;
  }

  /** What was looked at was changed meanwhile, and is now as the value says. */
  changed(glance: string): void {
    this.#seen = glance;
  }
}

/** A link of the agent's own namespace that is looked at again and again and seldom changes. */
export class SteadyLink {
  readonly #name: string;
  readonly #remembered: Remembered<Link | undefined>;

  constructor(name: string, clock: Clock) {
    this.#name = name;
    this.#remembered = new Remembered(clock);
  }

  /** The link with its addresses; undefined when it is not there. */
  async read(): Promise<Link | undefined> {
    if (!isPresent(this.#name)) return undefined;
    return await this.#remembered.read(glanceAtLink(this.#name), () => readLink(this.#name));
  }
}

/** What `look` finds among the routes of a device, which seldom change. */
export class SteadyRoutes<T> {
  readonly #device: string;
  readonly #remembered: Remembered<T>;

  constructor(device: string, clock: Clock) {
    this.#device = device;
    this.#remembered = new Remembered(clock);
  }

  async read(look: () => Promise<T>): Promise<T> {
    return await this.#remembered.read(glanceAtRoutes(this.#device), look);
  }

  /** For who has changed them himself since he looked, and made true what he found. */
  changed(): void {
    this.#remembered.changed(glanceAtRoutes(this.#device));
  }
}

function glanceAtLink(name: string): string {
  const settings = TELLING.map((file) => readOr(`/sys/class/net/${name}/${file}`));
  const addresses = linesOf("/proc/self/net/if_inet6", name);
  return [...settings, ...addresses].join("\n");
}

/** Destination, next hop, metric and flags; the columns between count uses. */
function glanceAtRoutes(device: string): string {
  const rows = linesOf("/proc/self/net/ipv6_route", device).map((line) => line.split(/\s+/));
  return rows.map((fields) => [...fields.slice(0, 6), fields[8]].join(" ")).join("\n");
}

function linesOf(file: string, device: string): string[] {
  return readOr(file)
    .split("\n")
    .filter((line) => line.trimEnd().endsWith(` ${device}`));
}

/** The carrier of a link that is down, or the master of one that has none, cannot be read; that tells as much. */
function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
