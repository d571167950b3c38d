/** The line of a port that dies with its customer and is made anew, while the BNG runs on. */
import { beforeAll, expect, test } from "vitest";
import { ALPHA, statusOf, succeed, useLabs, writeLab } from "../lab/fixture.ts";
import { eventually } from "../support/sandbox.ts";
import { faultyLab } from "./fixture.ts";

useLabs();

const LAB = "anew";
const at = faultyLab(LAB);
const RATE = ["rate=400kbit", "direction=up"];

beforeAll(async () => {
  await succeed(["up", writeLab(LAB, [ALPHA])]);
});

/** Milliseconds that 40 packets of 1,448 bytes take from the CPE to its provider: 1.16 s at that rate, without the burst. */
async function slowedMs(): Promise<number> {
  const [home] = (await statusOf(LAB)).cpes;
  const gateway = `${(await at.provider("alpha")).linkLocal}%${home?.wans[0]?.interface}`;
  const words = "ping -6 -n -q -W 2 -c 40 -i 0.002 -s 1400".split(" ");
  const begun = performance.now();
  const { stdout } = await at.inside("home", [...words, gateway], 60_000);
  expect(stdout).toContain("40 received");
  return performance.now() - begun;
}

async function newPort(): Promise<void> {
  await succeed(["restart", "home"]);
  // A lab with a fault is not called healthy.
  await eventually(async () => {
    const { cpes, providers } = await statusOf(LAB);
    expect(cpes[0]?.wans[0]?.reach).toBe("yes");
    expect(providers[0]?.problems.filter(({ explainedBy }) => explainedBy === undefined)).toEqual([]);
  });
}

test("it is as slow as before when a fault is in force", async () => {
  await at.inject("line-rate", "alpha", RATE);
  expect(await slowedMs()).toBeGreaterThan(900);
  await newPort();
  expect(await slowedMs()).toBeGreaterThan(900);
  await at.heal("alpha");
  expect(await slowedMs()).toBeLessThan(900);
});

test("and takes one that is injected afterwards", async () => {
  await newPort();
  await at.inject("line-rate", "alpha", RATE);
  expect(await slowedMs()).toBeGreaterThan(900);
});
