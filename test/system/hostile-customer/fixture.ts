import { join } from "node:path";
import type { HandBng } from "../support/bng.ts";
import { PROJECT, type TestNetns } from "../support/sandbox.ts";

const SENDER = join(PROJECT, "test/system/support/raw.py");

/** What came back while frames were sent. */
export interface Heard {
  sent: number;
  /** DHCPv6 messages of the server. */
  replies: number;
  /** Router advertisements to all, and to one. */
  multicast: number;
  unicast: number;
  /** Different MACs that got one of their own. */
  macs: number;
}

/** Sends frames from a customer's `wan0` that no honest stack sends, as `support/raw.py` takes them. */
export async function attack(
  cpe: TestNetns,
  what: string,
  options: Record<string, string | number> = {},
): Promise<Heard> {
  const { router, ...rest } = options;
  const words = Object.entries(rest).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const environment = router === undefined ? [] : [`ROUTER_MAC=${router}`];
  const { stdout } = await cpe.run(["env", ...environment, "python3", SENDER, what, "wan0", ...words], {
    timeoutMs: 120_000,
  });
  return JSON.parse(stdout) as Heard;
}

/** The processes of a BNG by name. */
export async function processesOf(bng: HandBng): Promise<string[]> {
  return (await bng.exec(["ps", "-eo", "comm="])).trim().split("\n");
}

/** The BNG's own link-local address. */
export async function linkLocalOf(bng: HandBng): Promise<string> {
  return (await bng.status()).linkLocal;
}

/** Addresses of the kernel's neighbours on the subscriber port, but for those that the agent put there. */
export async function neighboursOf(bng: HandBng): Promise<string[]> {
  const all = JSON.parse(await bng.exec(["ip", "-6", "-j", "neigh", "show", "dev", "sub0"])) as {
    dst: string;
    state: string[];
  }[];
  return all.filter(({ state }) => !state.includes("PERMANENT")).map(({ dst }) => dst);
}
