/**
 * Runs have no memory: the order of a matrix changes no verdict, nor do random faults and renumberings between two runs.
 * MHLAB_RANDOM_SEED repeats a test, MHLAB_RANDOM_STEPS is how many random steps there are.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecord } from "../../../src/core/judge/evidence/read.ts";
import { seededRandom } from "../../../src/core/model/seeded-random.ts";
import { ALPHA, BETA, labFolder, succeed, useLabs, writeLab } from "../lab/fixture.ts";
import { mhlab } from "../support/sandbox.ts";

useLabs();

const LAB = "memory";
const SEED = Number(process.env["MHLAB_RANDOM_SEED"] ?? 22);
const STEPS = Number(process.env["MHLAB_RANDOM_STEPS"] ?? 4);
const throwDice = seededRandom(SEED);
const oneOf = <T>(all: readonly [T, ...T[]]): T => all[Math.floor(throwDice() * all.length)] ?? all[0];

/** Runs the same matrix with its values in this order; verdicts and what was inherited, by cell. */
async function matrix(name: string, providers: readonly string[]): Promise<Record<string, unknown>> {
  const file = join(labFolder(), `${name}.yaml`);
  writeFileSync(
    file,
    `name: ${name}
lab: ./${LAB}.yaml
settle: 1s
for: {provider: [${providers.join(", ")}]}
steps:
  - {id: new, at: 1s, renumber: "\${provider}", to: "2001:db8:c::/48", how: graceful, overlap: 1m}
expect:
  - {id: unknown, prefix: "2001:db8:c::/48", at: home, is: absent, while: [0s, 1s]}
  - {id: learned, prefix: "2001:db8:c::/48", at: home, is: current, after: new, within: 5s}
  - {id: alpha, address: alpha, at: home-host1, is: preferred, while: [0s, 1s]}
  - {id: reaches, reaches: "2001:db8::1", from: home-host1, while: [0s, 5s]}
  - {id: leaks, leaks: 0}
`,
  );
  const out = join(labFolder(), name);
  const { code, stdout, stderr } = await mhlab(["run", file, "--out", out]);
  expect(code, `seed ${SEED}\n${stdout}\n${stderr}`).toBe(0);
  const cells = providers.map((provider, index) => {
    const folder = join(out, String(index + 1));
    const { inherited, verdicts } = readRecord((path) =>
      existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : undefined,
    );
    // The step brought it: what was there before takes no time.
    expect(verdicts.find(({ id }) => id === "learned")?.value).toBeGreaterThan(0);
    return [provider, { inherited, verdicts: verdicts.map(({ id, result }) => `${id}: ${result}`) }] as const;
  });
  return Object.fromEntries(cells);
}

async function disturb(): Promise<string> {
  const provider = oneOf(["alpha", "beta"]);
  // No prefix of one is ever that of the other.
  const place = `${provider === "alpha" ? "a" : "b"}${Math.floor(throwDice() * 10)}`;
  const words = oneOf([
    [
      "fault",
      "inject",
      oneOf(["upstream-blackhole", "dhcpv6-mute", "ra-lifetime-zero", "bng-lease-loss"]),
      provider,
    ],
    ["renumber", provider, `2001:db8:e${place}::/48`, "--flash"],
    ["renumber", provider, `2001:db8:f${place}::/48`, "--graceful", "--overlap", "1m"],
    ["renumber", provider, "--withdraw"],
    ["restart", provider],
  ]);
  // A restart may wait in vain for what a fault prevents; everything else has to be done.
  const { code, stderr } = await mhlab([...words, "--lab", LAB]);
  const isRefused = words[0] !== "restart" && code !== 0;
  expect(isRefused, `seed ${SEED}: ${words.join(" ")}\n${stderr}`).toBe(false);
  return `${words.join(" ")}: ${code}`;
}

test(
  `a matrix gives the same verdicts in another order, and after ${STEPS} random steps from the seed ${SEED}`,
  { timeout: 300_000 + STEPS * 30_000 },
  async () => {
    const file = writeLab(LAB, [ALPHA, BETA]);
    const fresh = await matrix("fresh", ["alpha", "beta"]);
    expect(fresh["alpha"]).toMatchObject({ inherited: [] });
    await succeed(["up", file]);
    const log: string[] = [];
    for (let step = 0; step < STEPS; step++) log.push(await disturb());
    expect(await matrix("shuffled", ["beta", "alpha"]), `seed ${SEED}: ${log.join("\n")}`).toEqual(fresh);
  },
);
