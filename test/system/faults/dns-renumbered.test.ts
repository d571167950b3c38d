/** A provider whose resolvers lie is renumbered: it lies at its new address, and nothing of it fails. */
import { expect, test } from "vitest";
import { ALPHA, containersOf, succeed, useLabs, writeLab } from "../lab/fixture.ts";
import { docker } from "../support/sandbox.ts";
import { faultyLab } from "./fixture.ts";

useLabs();

const LAB = "dns-renumbered";
const { inject, inside, provider } = faultyLab(LAB);

test("the new address is there before anybody listens at it", async () => {
  await succeed(["up", writeLab(LAB, [ALPHA])]);
  await inject("dns-lie", "alpha");
  const { stdout, stderr } = await inside("alpha", ["bng", "renumber", "flash", "2001:db8:1a::/48"]);
  expect(stdout + stderr).not.toContain("error");
  expect((await provider("alpha")).problems).toEqual([]);
  const { stdout: sockets } = await inside("alpha", ["ss", "-lunH"]);
  expect(sockets).toContain("[2001:db8:1a::1]:");
  const logs = await docker
    .getContainer((await containersOf(LAB))["alpha"] ?? "")
    .logs({ stdout: true, stderr: true });
  expect(logs.toString("utf8")).not.toContain("EADDRNOTAVAIL");
});
