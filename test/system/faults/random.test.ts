/**
 * Random steps on a lab of four providers, then `up --reset`: the lab is what a fresh `up` makes of it. The seed is printed, and
 * MHLAB_RANDOM_SEED repeats a run; MHLAB_RANDOM_STEPS is how many steps there are.
 */
import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { seededRandom } from "../../../src/core/model/seeded-random.ts";
import { FAULT_KINDS } from "../../../src/core/model/faults/kinds.ts";
import { containersOf, statusOf, succeed, useLabs, writeLab } from "../lab/fixture.ts";
import { docker, eventually, mhlab } from "../support/sandbox.ts";
import { faultyLab, type Snapshot } from "./fixture.ts";

useLabs();

const LAB = "random";
const PROVIDERS = ["alpha", "beta", "gamma", "delta"] as const;
const SEED = Number(process.env["MHLAB_RANDOM_SEED"] ?? randomInt(2 ** 31));
const STEPS = Number(process.env["MHLAB_RANDOM_STEPS"] ?? 8);
const SECONDS_PER_STEP = 60;
const { healthy, inside, snapshot } = faultyLab(LAB);

const throwDice = seededRandom(SEED);
const oneOf = <T>(all: readonly T[]): T => {
  const found = all[Math.floor(throwDice() * all.length)];
  if (found === undefined) throw new Error("nothing to choose from");
  return found;
};

/** Words that every kind needs or takes. */
const OPTIONS: Partial<Record<(typeof FAULT_KINDS)[number], string>> = {
  "upstream-walled-garden": "allow=2001:db8::1/128",
  "link-flap": "down=500ms",
};

const STEPS_BY_NAME: Readonly<Record<string, (provider: string, file: string) => Promise<string>>> = {
  inject: async (provider) => {
    const kind = oneOf(FAULT_KINDS);
    const once = kind === "bng-crash" || kind === "bng-lease-loss";
    const time = throwDice() < 0.5 || once ? [] : [`for=${1 + Math.floor(throwDice() * 9)}s`];
    const words = [kind, ...(OPTIONS[kind] === undefined ? [] : [OPTIONS[kind]]), ...time];
    await inside(provider, ["bng", "inject", ...words]);
    // What a BNG forgot comes back when its customer asks anew, and the timers of a lease are longer than this test.
    if (kind === "bng-lease-loss") await inside("home", ["pkill", "-HUP", "-x", "dhcpcd"]);
    return words.join(" ");
  },
  "heal all": async (provider) => (await inside(provider, ["bng", "clear", "all"])).stdout.slice(0, 60),
  restart: async (provider) => {
    await docker.getContainer((await containersOf(LAB))[provider] ?? "").restart({ t: 5 });
    return "";
  },
  "kill the agent": async (provider) =>
    String((await inside(provider, ["pkill", "-9", "-o", "-x", "node"])).code),
  renumber: async (provider) => {
    const place =
      0x100 * (1 + PROVIDERS.findIndex((name) => name === provider)) + Math.floor(throwDice() * 4);
    const prefix = `2001:db8:${place.toString(16)}::/48`;
    const overlap = `overlap=${1 + Math.floor(throwDice() * 20)}`;
    const words = oneOf([["graceful", prefix, overlap], ["flash", prefix], ["withdraw", prefix], ["abort"]]);
    const { stdout } = await inside(provider, ["bng", "renumber", ...words]);
    return `${words.join(" ")}: ${stdout.slice(0, 60)}`;
  },
  up: async (_, file) => String((await succeed(["up", file])).code),
};
/** What happens most often stands there most often. */
const CHOICES = [
  "inject",
  "inject",
  "inject",
  "inject",
  "renumber",
  "renumber",
  "heal all",
  "restart",
  "kill the agent",
  "up",
] as const;

/** What time, traffic and earlier restarts make of a status. */
const PASSING = new Set([
  "restarts",
  "leaks",
  "flooded",
  "dropped",
  "neighbours",
  "expiresAt",
  "validS",
  "preferredS",
  "validUntil",
  "preferredUntil",
  "rttMs",
  "at",
  "handshakeAt",
  "answeredAt",
  // Of the last advertisement: when it was sent, and what another one said before.
  "sentAt",
  "before",
  "rxBytes",
  "txBytes",
]);

/** Prefixes that only a renumbering or a rogue gave: whoever had an address of one may keep it for two hours (RFC 4862 5.5.3 e). */
const FORMER = /^2001:db8:(?:[1-4]0[0-3]|bad):/;

/** Other delegations of a provider, which it gave after it had lost its leases: a CPE has them as former ones (RFC 9096 3.5). */
const ANOTHER = /^2001:db8:[a-d]:8[1-9a-f]..:/;

function isFormer(one: unknown): boolean {
  if (typeof one === "string") return FORMER.test(one) || ANOTHER.test(one);
  const { address, prefix, state, usable } = (one ?? {}) as Record<string, unknown>;
  const over = state === "deprecated" || usable === false;
  return [address, prefix].some(
    (text) => typeof text === "string" && (FORMER.test(text) || (over && ANOTHER.test(text))),
  );
}

/** A status without that, and lists of addresses without their order, which is the kernel's affair. */
function lasting(value: unknown): unknown {
  if (Array.isArray(value)) {
    const all = value.filter((one) => !isFormer(one)).map(lasting);
    return all.every((one) => typeof one === "string") ? all.sort() : all;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !PASSING.has(key))
      .map(([key, item]) => [key, key === "addresses" ? byAddress(lasting(item)) : lasting(item)]),
  );
}

function byAddress(details: unknown): unknown {
  return Array.isArray(details) ? details.map((one) => JSON.stringify(one)).sort() : details;
}

/** What nodes complain of, and which of it was asked for. */
async function complaintsOf(): Promise<string> {
  const { providers, cpes } = await statusOf(LAB);
  const all = [...providers, ...cpes, ...cpes.flatMap(({ hosts }) => hosts)];
  return all
    .flatMap(({ name, problems }) => problems.map((problem) => `${name} ${JSON.stringify(problem)}`))
    .concat(
      ...cpes.map(({ wans }) =>
        JSON.stringify(wans.map((wan) => [wan.provider, wan.delegatedPrefix, wan.reach])),
      ),
    )
    .join("\n");
}

const snapshots = async (): Promise<Snapshot[]> => await Promise.all(PROVIDERS.map((name) => snapshot(name)));

test(
  `${STEPS} random steps from the seed ${SEED}, and up --reset makes of it what a fresh up makes`,
  { timeout: 180_000 + STEPS * SECONDS_PER_STEP * 1000 },
  async () => {
    const file = writeLab(
      LAB,
      PROVIDERS.map((name, index) => ({ name, number: "abcd".charAt(index) })),
    );
    await succeed(["up", file]);
    await healthy();
    // One leased, and one made of the advertised prefix, which comes when nobody else has it.
    await eventually(async () => {
      const wans = (await statusOf(LAB)).cpes.flatMap((cpe) => cpe.wans);
      expect(wans.map(({ addresses }) => addresses.length)).toEqual(PROVIDERS.map(() => 2));
    });
    const fresh = lasting(await healthy());
    const before = await snapshots();
    const log: string[] = [];
    for (let step = 0; step < STEPS; step++) {
      const name = oneOf(CHOICES);
      const provider = oneOf(PROVIDERS);
      log.push(`${name} ${provider}`);
      try {
        log.push(`  ${await STEPS_BY_NAME[name]?.(provider, file)}`);
      } catch (error) {
        const complaints = await complaintsOf().catch(String);
        throw new Error(`seed ${SEED}, after ${log.join("\n")}\n${complaints}`, { cause: error });
      }
    }
    const reset = await mhlab(["up", file, "--reset"]);
    expect(reset.code, `seed ${SEED}: ${log.join("\n")}\n${reset.stderr}`).toBe(0);
    await eventually(
      async () => {
        expect(lasting(await statusOf(LAB)), `seed ${SEED}: ${log.join("\n")}`).toEqual(fresh);
        expect(await snapshots(), `seed ${SEED}: ${log.join("\n")}`).toEqual(before);
      },
      { timeoutMs: 60_000, everyMs: 1000 },
    );
  },
);
