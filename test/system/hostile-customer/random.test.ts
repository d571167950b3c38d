/**
 * Random attacks at once, beside an honest customer and new ones. MHLAB_RANDOM_SEED repeats a run that failed, which names its seed;
 * MHLAB_RANDOM_MIXES is how many mixes there are.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { seededRandom } from "../../../src/core/model/seeded-random.ts";
import { far, FIRST, prefixesOf, stop, useBng, withSegment, type Client } from "../bng/fixture.ts";
import type { HandBng } from "../support/bng.ts";
import { eventually } from "../support/sandbox.ts";
import { ATTACKS, type Scene } from "./attacks.ts";
import { processesOf } from "./fixture.ts";

useBng();

const SEED = Number(process.env["MHLAB_RANDOM_SEED"] ?? 23);
const MIXES = Number(process.env["MHLAB_RANDOM_MIXES"] ?? 3);
const HONEST = "00030001020000000042";
const SECONDS = 5;
/** In soak all attacks go on at once for so long. */
const LAST_SECONDS = MIXES > 10 ? 60 : SECONDS;
const MOST_AT_ONCE = 5;
const ANSWERED_WITHIN_MS = 1000;
/** Of 1,024 of the machine: what the kernel answers at once, and in the two seconds in which it probes each. */
const MOST_HELD = 600;
/** What attackers leased runs out soon after the attack. */
const SHORT = {
  "delegation.preferred": "8s",
  "delegation.valid": "10s",
  "delegation.renew": "4s",
  "delegation.rebind": "6s",
};

const dice = seededRandom(SEED);

/** Several attacks of each mix; the last mix has all of them. */
function mixOf(number: number): string[] {
  const names = Object.keys(ATTACKS);
  if (number === MIXES - 1) return names;
  const most = 2 + Math.floor(dice() * (MOST_AT_ONCE - 1));
  return names
    .map((name) => [dice(), name] as const)
    .sort(([one], [other]) => one - other)
    .slice(0, most)
    .map(([, name]) => name);
}

/** Renews each second until it is over; how long each answer with its prefix took. */
async function renewing({ send }: Client, isOver: () => boolean): Promise<number[]> {
  const took: number[] = [];
  while (!isOver()) {
    const begun = performance.now();
    const { pd } = await send({ message: "renew", pd: [1], na: [1], retransmitMs: 60_000 });
    const [lease] = pd.flatMap(({ leases }) => leases);
    took.push(lease?.value === FIRST ? Math.round(performance.now() - begun) : Infinity);
    await sleep(1000 - (performance.now() - begun));
  }
  return took;
}

/** A new customer gets a prefix and gives it back; the milliseconds that it took. */
async function newcomer({ send }: Client): Promise<number> {
  await sleep(1000);
  const begun = performance.now();
  const reply = await send({
    message: "solicit",
    rapid: true,
    pd: [1],
    retransmitMs: 1000,
    timeoutMs: 10_000,
  });
  const took = performance.now() - begun;
  expect(prefixesOf(reply), "a new customer").toHaveLength(1);
  await send({ message: "release", pd: [1] });
  return Math.round(took);
}

/** Neighbours on the port that the kernel cannot remove for others; its table is the whole machine's. */
async function neighboursHeld(bng: HandBng): Promise<number> {
  const all = await bng.exec(["ip", "-6", "neigh", "show", "dev", "sub0"]);
  return all.split("\n").filter((line) => /(DELAY|PROBE|REACHABLE|STALE|INCOMPLETE)/.test(line)).length;
}

async function footprint(bng: HandBng) {
  const { delegations, addresses, restarts, problems, state } = await bng.status();
  return {
    delegations: delegations.map(({ prefix }) => prefix),
    addresses: addresses.length,
    restarts,
    problems,
    state,
    processes: (await processesOf(bng)).filter((name) => !["ping", "ps", "tally"].includes(name)).sort(),
  };
}

test(
  `${MIXES} random mixes of attacks from the seed ${SEED}: every Renew is answered within a second, new customers are served, and nothing is left`,
  { timeout: 120_000 + MIXES * 40_000 },
  async () => {
    const { bng, plugIn } = await withSegment(SHORT);
    const honest = await plugIn("honest", HONEST);
    const other = await plugIn("other", "00030001020000000043");
    const attacker = await plugIn("attacker", "00030001020000000044");
    const { pd, na, server = "" } = await honest.send({ message: "solicit", rapid: true, pd: [1], na: [1] });
    expect(pd[0]?.leases.map(({ value }) => value)).toEqual([FIRST]);
    const { linkLocal, subscriber } = await bng.status();
    const address = na[0]?.leases[0]?.value ?? "";
    const scene: Scene = {
      attacker: attacker.cpe,
      internet: far.netns,
      router: subscriber.mac ?? "",
      linkLocal,
      held: { client: HONEST, server, prefix: FIRST, address },
    };
    const before = await footprint(bng);
    for (let number = 0; number < MIXES; number++) {
      const mix = mixOf(number);
      const seconds = number === MIXES - 1 ? LAST_SECONDS : SECONDS;
      const during = { isOver: false };
      const attacks = Promise.all(mix.map((name) => ATTACKS[name]?.(scene, seconds, dice))).finally(
        () => (during.isOver = true),
      );
      const [took, joined] = await Promise.all([
        renewing(honest, () => during.isOver),
        newcomer(other),
        attacks,
      ]);
      const held = await neighboursHeld(bng);
      const slowest = Math.max(...took);
      const where = `seed ${SEED}, mix ${number}: ${mix.join(", ")}; slowest Renew ${slowest} ms, new customer ${joined} ms, ${held} neighbours`;
      if (process.env["MHLAB_RANDOM_MIXES"] !== undefined) process.stdout.write(`${where}\n`);
      const { restarts, problems } = await bng.status();
      const isFine = took.length > seconds / 2 && slowest < ANSWERED_WITHIN_MS && held < MOST_HELD;
      expect({ where, isFine, restarts, problems }).toEqual({
        where,
        isFine: true,
        restarts: before.restarts,
        problems: before.problems,
      });
    }
    const { flooded } = await bng.status();
    expect(flooded.senders.map(({ mac }) => mac.slice(0, 8))).toContain("02:66:00");
    const stopRenewing = { isOver: false };
    const renewals = renewing(honest, () => stopRenewing.isOver);
    await eventually(async () => expect(await footprint(bng)).toEqual(before), { timeoutMs: 30_000 });
    stopRenewing.isOver = true;
    await renewals;
    await stop(bng);
  },
);
