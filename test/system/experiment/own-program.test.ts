/** A program that nobody here wrote for mhlab, on a host: it is copied, executed and judged while a provider fails. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { labFolder, succeed, useLabs } from "../lab/fixture.ts";
import { mhlab, PROJECT } from "../support/sandbox.ts";

useLabs();

let examples: string;
beforeAll(async () => {
  examples = join(labFolder(), "examples");
  cpSync(join(PROJECT, "examples"), examples, { recursive: true });
  await succeed(["up", join(examples, "two-isps/lab.yaml")]);
});

const onHost = (script: string) => mhlab(["exec", "home-host1", "--", "sh", "-c", script]);

test("programs are executed below /opt, and nowhere else that can be written", async () => {
  expect(await onHost("cp /bin/true /opt/mine && /opt/mine")).toMatchObject({ code: 0 });
  expect((await onHost("cp /bin/true /tmp/mine && /tmp/mine")).code).toBe(126);
  expect((await onHost("cp /bin/true /run/mine && /run/mine")).code).toBe(126);
  // It is the host's own memory, and bounded.
  expect((await onHost("head -c 300M /dev/zero > /opt/full; rm /opt/full")).stderr).toContain(
    "No space left",
  );
});

interface Said {
  readonly longestStallMs: number;
  readonly connections: Readonly<Record<string, number>>;
}

test("the shipped example tells how long its client stalled when its provider died", async () => {
  const out = join(labFolder(), "eyeballs");
  await succeed(["run", join(examples, "own-program/scenario.yaml"), "--out", out]);
  const { longestStallMs, connections } = JSON.parse(
    readFileSync(join(out, "eyeballs.json"), "utf8"),
  ) as Said;
  // The next source is tried after 250 ms.
  expect(longestStallMs).toBeGreaterThan(250);
  expect(longestStallMs).toBeLessThan(1500);
  expect(Object.keys(connections).some((source) => source.startsWith("2001:db8:b:"))).toBe(true);
}, 120_000);

test("a program that stalls for longer than it may fails the run", async () => {
  const file = join(examples, "own-program/scenario.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace('"1500"', '"1"'));
  const result = await mhlab(["run", file, "--json"], { cwd: labFolder() });
  expect(result.code).toBe(1);
  expect(result.stdout).toMatch(/"client-goes-on"/);
}, 120_000);
