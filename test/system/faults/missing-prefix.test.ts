/** A CPE that got a lease without a prefix asks again by itself: the server may have one by now, and T1 is far away. */
import { expect, test } from "vitest";
import { ALPHA, containersOf, statusOf, succeed, useLabs, writeLab } from "../lab/fixture.ts";
import { docker, eventually } from "../support/sandbox.ts";
import { faultyLab } from "./fixture.ts";

useLabs();

const LAB = "missing-prefix";
const { healthy, inject, heal } = faultyLab(LAB);

test("it has a prefix soon after the server has one again", async () => {
  await succeed(["up", writeLab(LAB, [ALPHA])]);
  await inject("dhcpv6-no-prefix", "alpha");
  await docker.getContainer((await containersOf(LAB))["home"] ?? "").restart({ t: 5 });
  await eventually(async () => {
    const { cpes, providers } = await statusOf(LAB);
    const [wan] = cpes[0]?.wans ?? [];
    expect([wan?.delegatedPrefix, wan?.defaultRouter]).toEqual([null, expect.any(String)]);
    // Its address is leased: it has a lease, and only the prefix is missing.
    expect(providers[0]?.addresses.length).toBeGreaterThan(0);
  });
  await heal("alpha");
  await healthy();
});
