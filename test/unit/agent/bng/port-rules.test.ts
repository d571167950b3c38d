import { beforeEach, expect, test, vi } from "vitest";
import { PortRules } from "../../../../src/agent/bng/port-rules.ts";
import { CommandError, run } from "../../../../src/agent/programs/command.ts";
import { testClock } from "../serve/clock.ts";
import { bngIntent } from "./intent.ts";

vi.mock("../../../../src/agent/programs/command.ts", async (original) => ({
  ...(await original<object>()),
  run: vi.fn<typeof run>(),
}));

/** What images/tally prints. */
function printed(nftables: object[], neighbours: object[]): string {
  return `${JSON.stringify({ nftables })}\n${JSON.stringify({ neighbours })}\n`;
}

beforeEach(() => {
  vi.mocked(run).mockReset().mockResolvedValue(printed([], []));
});

test("before there are rules nobody is asked what they counted, and then one program for all of it", async () => {
  const rules = new PortRules(bngIntent({ "source-validation": "drop" }), testClock());
  const nothing = { leaks: { up: 0, down: 0 }, neighbours: [], entries: [] };
  expect(await rules.observe()).toMatchObject(nothing);
  expect(run).not.toHaveBeenCalled();
  await rules.load();
  vi.mocked(run).mockClear();
  expect(await rules.observe()).toMatchObject(nothing);
  expect(vi.mocked(run).mock.calls.map(([argv]) => argv.slice(1).join(" "))).toEqual([
    "counters mhlab set mhlab leaksources set mhlab leakdestinations set mhlab flooders set mhlab-heard macs set mhlab-heard linklocals set mhlab-heard solicits " +
      "set mhlab-heard advertises set mhlab-heard dhcpv6 neighbours sub0",
  ]);

  const mac = "02:00:00:00:00:01";
  const known = { dst: "2001:db8:a::7", lladdr: mac };
  const heard = { set: { name: "macs", elem: [{ elem: { val: mac, expires: 3590 } }] } };
  vi.mocked(run).mockResolvedValue(printed([{ counter: { name: "leaksup", packets: 2 } }, heard], [known]));
  expect(await rules.observe()).toMatchObject({
    leaks: { up: 2 },
    neighbours: [{ mac, ageS: 10 }],
    entries: [known],
  });
});

test("a program that cannot tell has counted nothing", async () => {
  const rules = new PortRules(bngIntent({ "source-validation": "drop" }), testClock());
  await rules.load();
  vi.mocked(run).mockRejectedValue(new CommandError(["tally"], 1, "netlink: No such file or directory"));
  expect(await rules.observe()).toMatchObject({ leaks: { up: 0, down: 0 }, neighbours: [], entries: [] });
});
