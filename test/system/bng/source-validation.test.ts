import { expect, test } from "vitest";
import { eventually, type TestNetns } from "../support/sandbox.ts";
import { FIRST, far, routesBecome, stop, useBng, withClient } from "./fixture.ts";

useBng();

for (const [mode, treatment] of [
  ["reject", "told with ICMPv6 type 1 code 5"],
  ["reject-routed", "told by way of the routing table"],
  ["drop", "dropped in silence"],
] as const) {
  test(`source validation '${mode}': a wrong source is ${treatment}, and counted`, async () => {
    const { bng, cpe, send } = await withClient({ SOURCE_VALIDATION: mode });
    await send({ message: "solicit", rapid: true, pd: [1] });
    await routesBecome(bng, [FIRST]);
    await cpe.run([
      "sh",
      "-c",
      "ip addr add 2001:db8:a:8000::1/64 dev lo; ip addr add 2001:db8:a:9900::1/128 dev lo; ip addr add 2001:db8:b::1/128 dev lo",
    ]);
    const ping = (source: string): Promise<{ stdout: string }> =>
      cpe.run(["ping", "-6", "-c", "2", "-i", "0.3", "-W", "1", "-I", source, "2001:db8::1"], {
        check: false,
      });
    await eventually(async () =>
      expect((await ping("2001:db8:a:8000::1")).stdout).toContain(" 0% packet loss"),
    );
    // Of the provider's own pool, but delegated to nobody: the way back is unreachable, so only the wire tells.
    const stranger = await ping("2001:db8:a:9900::1");
    const foreign = await ping("2001:db8:b::1");
    expect(stranger.stdout).toContain("100% packet loss");
    expect(foreign.stdout).toContain("100% packet loss");
    for (const { stdout } of [stranger, foreign]) {
      expect(stdout.includes("Source address failed ingress/egress policy")).toBe(mode === "reject");
    }
    const { spoofed } = await bng.status();
    expect(spoofed.packets).toBe(4);
    expect(new Set(spoofed.sources.map(({ address }) => address))).toEqual(
      new Set(["2001:db8:a:9900::1", "2001:db8:b::1"]),
    );
    await stop(bng);
  });
}

test("the error of 'reject-routed' follows the routing table: it is the far side that hears it", async () => {
  const { bng, cpe } = await withClient({ SOURCE_VALIDATION: "reject-routed" });
  await cpe.run(["ip", "addr", "add", "2001:db8:b::1/128", "dev", "lo"]);
  const heard = await farSideHears(cpe, "icmp6[icmp6type]==1");
  expect(heard).toMatch(/2001:db8:b::1: ICMP6.*(unreachable|policy)/);
  await stop(bng);
});

test("source validation 'off' lets every source through", async () => {
  const { bng, cpe } = await withClient({ SOURCE_VALIDATION: "off" });
  await cpe.run(["ip", "addr", "add", "2001:db8:b::1/128", "dev", "lo"]);
  expect(await farSideHears(cpe, "src 2001:db8:b::1")).toContain("2001:db8:b::1 > 2001:db8::1");
  expect((await bng.status()).spoofed.packets).toBe(0);
  await stop(bng);
});

/** What the far side captures by a filter while the CPE pings from another provider's address. */
async function farSideHears(cpe: TestNetns, filter: string): Promise<string> {
  const capture = far.netns.run(["timeout", "8", "tcpdump", "-n", "-l", "-c", "1", "-i", "any", filter]);
  let heard = false;
  void capture.then(
    () => (heard = true),
    () => undefined,
  );
  const ping = ["ping", "-6", "-c", "1", "-W", "1", "-I", "2001:db8:b::1", "2001:db8::1"];
  await eventually(
    async () => {
      await cpe.run(ping, { check: false });
      expect(heard).toBe(true);
    },
    { timeoutMs: 8000 },
  );
  return (await capture).stdout;
}
