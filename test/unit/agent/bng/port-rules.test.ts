import { beforeEach, expect, test, vi } from "vitest";
import { PortRules } from "../../../../src/agent/bng/port-rules.ts";
import { run } from "../../../../src/agent/net/command.ts";
import { bngIntent } from "./intent.ts";

vi.mock("../../../../src/agent/net/command.ts", async (original) => ({
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
  expect(vi.mocked(run).mock.calls.map(([argv]) => argv.slice(0, 3))).toEqual(
    Array.from({ length: 3 }, () => ["nft", "-j", "list"]),
  );
});
