import { beforeEach, expect, test, vi } from "vitest";
import { PortRules } from "../../../../src/agent/bng/port-rules.ts";
import { run } from "../../../../src/agent/programs/command.ts";
import { bngIntent } from "./intent.ts";

vi.mock("../../../../src/agent/programs/command.ts", async (original) => ({
  ...(await original<object>()),
  run: vi.fn<typeof run>(),
}));

beforeEach(() => {
  vi.mocked(run).mockReset().mockResolvedValue('{"nftables": []}');
});

test("before there are rules nobody is asked what they counted", async () => {
  const rules = new PortRules(bngIntent({ SOURCE_VALIDATION: "drop" }));
  expect(await rules.observe()).toMatchObject({ spoofed: { packets: 0 }, neighbours: [] });
  expect(run).not.toHaveBeenCalled();
  await rules.load();
  vi.mocked(run).mockClear();
  await rules.observe();
  const asked = (): string[] => vi.mocked(run).mock.calls.map(([argv]) => argv.slice(2).join(" "));
  const always = ["list table netdev mhlab-heard", "list counters table netdev mhlab"];
  expect(asked()).toEqual(always);

  const spoofed = { counter: { name: "spoofed", packets: 2 } };
  vi.mocked(run)
    .mockClear()
    .mockImplementation(async (argv) =>
      JSON.stringify({ nftables: argv.includes("counters") ? [spoofed] : [] }),
    );
  expect(await rules.observe()).toMatchObject({ spoofed: { packets: 2 } });
  expect(asked()).toEqual([...always, "list set netdev mhlab offenders"]);
});
