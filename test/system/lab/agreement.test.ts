/** What `up` says of a lab, its table and its exit code agree, also when a part of the lab had died before. */
import { expect, test } from "vitest";
import { docker, eventually } from "../support/sandbox.ts";
import { ALPHA, BETA, containersOf, statusOf, succeed, useLabs, writeLab } from "./fixture.ts";

useLabs();

const LAB = "agree";

test("after the internet was killed, up is ready when each tunnel works again", async () => {
  const file = writeLab(LAB, [ALPHA, BETA]);
  await succeed(["up", file]);
  const internet = docker.getContainer((await containersOf(LAB))["internet"] ?? "");
  const killedAt = new Date().toISOString();
  await internet.kill();
  await eventually(async () => {
    const { providers } = await statusOf(LAB);
    expect(providers.map(({ uplink }) => uplink.state)).toEqual(["stale", "stale"]);
  });
  const { providers } = await statusOf(LAB);
  for (const { uplink, problems } of providers) {
    expect(Date.parse(uplink.answeredAt ?? "")).toBeLessThan(Date.now());
    expect(problems.map(({ code }) => code)).toContain("stale-tunnel");
  }
  // A new handshake forgets the last one.
  await eventually(async () => {
    for (const name of ["alpha", "beta"])
      expect((await succeed(["logs", name, "--since", killedAt])).stdout).toContain(
        "no handshake yet, trying again",
      );
  });
  const silent = await statusOf(LAB);
  expect(silent.providers.map(({ uplink }) => uplink.state)).toEqual(["stale", "stale"]);
  const { stdout } = await succeed(["up", file]);
  expect(stdout).toContain(`${LAB}  healthy`);
  expect(stdout).not.toContain("stale");
  expect((await statusOf(LAB)).healthy).toBe(true);
});
