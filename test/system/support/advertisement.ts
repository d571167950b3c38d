import { join } from "node:path";
import type { TestNetns } from "./netns.ts";
import { PROJECT } from "./place.ts";

const WAIT_S = 20;

/** A router advertisement as it came; lifetimes in seconds. */
export interface Advertisement {
  source: string;
  destination: string;
  lifetime: number;
  /** `M` and `O`. */
  flags: string;
  preference: string;
  mtus: number[];
  /** `flags` of `L`, `A`, `R` and `P`. */
  prefixes: { prefix: string; flags: string; valid: number; preferred: number }[];
  routes: { prefix: string; preference: string; lifetime: number }[];
  rdnss: { servers: string[]; lifetime: number }[];
  dnssl: { domains: string[]; lifetime: number }[];
  pref64: { prefix: string; lifetime: number }[];
  portals: string[];
  /** `flags` of `H`, `L` and `R`. */
  pvds: { name: string; flags: string; delay: number; sequence: number }[];
}

/** The first router advertisement that answers a solicitation on an interface of a namespace. */
export async function solicit(netns: TestNetns, device: string): Promise<Advertisement> {
  const script = join(PROJECT, "test/system/support/advertisement.py");
  const { stdout } = await netns.run(["python3", script, device, String(WAIT_S)], { timeoutMs: 30_000 });
  return JSON.parse(stdout) as Advertisement;
}
