/** Attacks on a BNG, one record each: what soak mixes, and what a seed repeats. */
import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import type { TestNetns } from "../support/sandbox.ts";
import { attack } from "./fixture.ts";
import { foreignMessage, malformed, TYPES, type Held } from "./messages.ts";

/** Whom an attack is on, and where it comes from. */
export interface Scene {
  readonly attacker: TestNetns;
  /** The peer of the BNG's tunnel. */
  readonly internet: TestNetns;
  /** The BNG's MAC and link-local address. */
  readonly router: string;
  readonly linkLocal: string;
  /** What the honest customer has. */
  readonly held: Held;
}

type Dice = () => number;
/** Runs for about that many seconds. */
type Attack = (scene: Scene, seconds: number, dice: Dice) => Promise<unknown>;

const between = (dice: Dice, least: number, most: number): number =>
  least + Math.floor(dice() * (most - least + 1));
const oneOf = <T>(dice: Dice, all: readonly T[]): T => {
  const found = all[Math.floor(dice() * all.length)];
  if (found === undefined) throw new Error("nothing to choose from");
  return found;
};

/** Messages are written to a file: too many for the words of a command. */
export async function sendMessages(
  { attacker }: Scene,
  seconds: number,
  rate: number,
  messages: readonly string[],
  more: Record<string, string | number> = {},
): Promise<void> {
  const file = join(tmpdir(), `mhlab-messages-${randomBytes(6).toString("hex")}`);
  writeFileSync(file, messages.join("\n"));
  try {
    await attack(attacker, "messages", { file, rate, count: rate * seconds, ...more });
  } finally {
    rmSync(file, { force: true });
  }
}

/** A flood of one kind of frame. */
const flood =
  (what: string, options: Record<string, string | number>, rates: [number, number]): Attack =>
  async ({ attacker, linkLocal }, seconds, dice) => {
    const rate = between(dice, ...rates);
    const target = what === "ns" || what === "na" ? { target: linkLocal } : {};
    await attack(attacker, what, { ...options, ...target, rate, count: rate * seconds });
  };

/** As many Information-requests as each MAC may send, from MACs that answer no neighbour solicitation. */
const silentMacs =
  (wrap: (dice: Dice) => Record<string, string>): Attack =>
  async ({ attacker }, seconds, dice) => {
    const macs = between(dice, 8, 24);
    const rate = 37 * macs;
    await attack(attacker, "information-request", {
      forge: "mac",
      macs,
      rate,
      count: rate * seconds,
      ...wrap(dice),
    });
  };

/** All attacks by name. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  "silent MACs": silentMacs(() => ({})),
  "wrapped messages": silentMacs((dice) => ({ wrap: oneOf(dice, ["relay", "destination", "fragment"]) })),
  "silent addresses from the port": async ({ attacker, router }, seconds, dice) => {
    const rate = between(dice, 100, 500);
    const spread = `2001:db8:a:0:${between(dice, 1, 0xffff).toString(16)}::`;
    await attack(attacker, "udp", { spread, router, rate, count: rate * seconds });
  },
  "silent addresses from the tunnel": async ({ internet }, seconds, dice) => {
    const rate = between(dice, 100, 500);
    const prefix = `2001:db8:a:0:${between(dice, 1, 0xffff).toString(16)}::`;
    const script = `
import socket, time
sender = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
for number in range(${rate * seconds}):
    sender.sendto(b"mhlab", ("${prefix}%x" % number, 40000))
    time.sleep(${1 / rate})`;
    await internet.run(["python3", "-c", script], { timeoutMs: 120_000 });
  },
  "malformed options": async (scene, seconds, dice) => {
    const rate = between(dice, 20, 60);
    const messages = fc.sample(malformed(scene.held.server), {
      seed: between(dice, 0, 2 ** 31 - 1),
      numRuns: rate * seconds,
    });
    // From several MACs: one may say 40 things a second.
    await sendMessages(scene, seconds, rate, messages, { forge: "mac", macs: 4 });
  },
  "another customer's leases": async (scene, seconds, dice) => {
    const type = oneOf(dice, Object.keys(TYPES) as (keyof typeof TYPES)[]);
    await sendMessages(scene, seconds, 30, [foreignMessage(type, scene.held)]);
  },
  "Solicits of ever new MACs": flood("solicit", { forge: "mac", pd: 1, rapid: 0 }, [100, 1500]),
  "Solicits of ever new DUIDs": flood("solicit", { forge: "duid", pd: 8, na: 8 }, [20, 500]),
  "solicitations of ever new MACs": flood("ns", { forge: "mac" }, [100, 1500]),
  "solicitations of ever new sources": flood("ns", { forge: "source" }, [100, 1500]),
  "router solicitations of ever new MACs": flood("rs", { forge: "mac" }, [100, 1500]),
  "advertisements of ever new MACs": flood("na", { forge: "mac" }, [100, 1500]),
  "forged sources": async ({ attacker, router, held, linkLocal }, seconds, dice) => {
    const rate = between(dice, 100, 1000);
    const source = oneOf(dice, [held.address, linkLocal, "2001:db8:a::1", "2001:db8:b::1"]);
    await attack(attacker, "udp", {
      source,
      destination: "2001:db8::1",
      router,
      rate,
      count: rate * seconds,
    });
  },
};
