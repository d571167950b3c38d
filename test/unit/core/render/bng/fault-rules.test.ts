import { expect, test } from "vitest";
import { parseHits, renderFaultRules } from "../../../../../src/core/render/bng/fault-rules.ts";
import { prefixOf } from "../../../../../src/core/model/ip6.ts";
import { readInjection } from "../../../../../src/core/model/faults/injection.ts";
import { composeEffects, type ActiveFault } from "../../../../../src/core/model/faults/kinds.ts";

const GROUND = {
  subscriber: { interface: "sub0" },
  wireguard: { interface: "wg-alpha", mtu: 1420 },
  dns: ["2001:db8::1"],
  prefix: prefixOf(0x2001_0db8_000a_0000n << 64n, 48),
  transfer: prefixOf(0x2001_0db8_000a_0000n << 64n, 64),
  pool: prefixOf(0x2001_0db8_000a_8000n << 64n, 49),
};
const SINCE = "2026-11-24T12:00:00.000Z";

function active(number: number, kind: string, given: Record<string, string> = {}): ActiveFault {
  const { values, ...injection } = readInjection(kind, given);
  return { fault: { id: `alpha-${number}`, since: SINCE, ...injection }, values, sinceMs: 0 };
}

const BLACKHOLE = active(1, "upstream-blackhole", { from: "2001:db8:a:8000::/56", protocol: "tcp" });
const STOP = active(2, "ra-stop");

function render(
  faults: readonly ActiveFault[],
  over: Partial<Omit<Parameters<typeof renderFaultRules>[1], "forget">> & { forget?: string[] } = {},
): ReturnType<typeof renderFaultRules> {
  const { forget = [], ...more } = over;
  const { packets } = composeEffects(faults, GROUND, 0).effects;
  const before = { port: "sub0", hook: "egress", objects: [], leftMs: new Map() } as const;
  return renderFaultRules(packets, { ...before, ...more, forget: new Set(forget) });
}

test("each fault has its own rules and counters, in the order in which they were injected", () => {
  expect(render([BLACKHOLE, STOP])).toEqual({
    text: [
      "table ip6 mhlab-faults {",
      "  counter hits-alpha-1-up {}",
      "  counter hits-alpha-1-down {}",
      "  chain forward { type filter hook forward priority 10; policy accept; }",
      "}",
      "flush table ip6 mhlab-faults",
      'add rule ip6 mhlab-faults forward iifname "sub0" oifname "wg-alpha" ip6 saddr 2001:db8:a:8000::/56 meta l4proto tcp counter name hits-alpha-1-up drop',
      'add rule ip6 mhlab-faults forward iifname "wg-alpha" oifname "sub0" ip6 daddr 2001:db8:a:8000::/56 meta l4proto tcp counter name hits-alpha-1-down drop',
      "table netdev mhlab-faults {",
      "  counter hits-alpha-2-down {}",
      '  chain to_port { type filter hook egress device "sub0" priority 10; policy accept; }',
      "}",
      "flush table netdev mhlab-faults",
      "add rule netdev mhlab-faults to_port icmpv6 type nd-router-advert counter name hits-alpha-2-down drop",
      "",
    ].join("\n"),
    objects: [
      { family: "ip6", type: "counter", name: "hits-alpha-1-up", fault: "alpha-1" },
      { family: "ip6", type: "counter", name: "hits-alpha-1-down", fault: "alpha-1" },
      { family: "netdev", type: "counter", name: "hits-alpha-2-down", fault: "alpha-2" },
    ],
  });
});

test("a kernel without the egress hook drops after routing", () => {
  expect(render([STOP], { hook: "none" }).text).toContain(
    'add rule ip6 mhlab-faults to_port oifname "sub0" icmpv6 type nd-router-advert',
  );
});

test("the counter of a fault that has ended stays until it is forgotten, and the last table goes with it", () => {
  const { objects } = render([STOP]);
  const ended = render([], { objects });
  expect(ended.objects).toEqual(objects);
  expect(ended.text).not.toContain("add rule");
  expect(render([], { objects, forget: ["alpha-2"] })).toEqual({
    text: "table netdev mhlab-faults {}\ndelete table netdev mhlab-faults\n",
    objects: [],
  });
  const both = render([BLACKHOLE, active(3, "upstream-blackhole")]).objects;
  expect(render([BLACKHOLE], { objects: both, forget: ["alpha-3"] }).text).toContain(
    "delete counter ip6 mhlab-faults hits-alpha-3-up",
  );
});

test("the kernel ends a fault that has a time, and nobody gives it more", () => {
  const leftMs = new Map([["alpha-2", 4999.6]]);
  const { text, objects } = render([STOP], { leftMs });
  expect(text).toContain("  set until-alpha-2 { type ether_type; flags timeout; }\n");
  expect(text).toContain("add element netdev mhlab-faults until-alpha-2 { ip6 timeout 5000ms }\n");
  expect(text).toContain("to_port icmpv6 type nd-router-advert meta protocol @until-alpha-2 counter");
  const again = render([STOP, BLACKHOLE], { leftMs, objects });
  expect(again.text).toContain("set until-alpha-2");
  expect(again.text).not.toContain("add element");
  const forgotten = render([BLACKHOLE], { objects: again.objects, forget: ["alpha-2"] });
  expect(forgotten.text).toBe(
    [
      ...forgotten.text
        .split("\n")
        .filter((line) => line.includes("ip6") || line.startsWith(" ") || line === "}"),
      "table netdev mhlab-faults {}",
      "delete table netdev mhlab-faults",
      "",
    ].join("\n"),
  );
});

test("without a fault there is nothing to do", () => {
  expect(render([])).toEqual({ text: "", objects: [] });
});

test("hits of both tables add up, and other counters are nobody's", () => {
  const counters = (table: string, ...found: (readonly [string, number])[]): string =>
    JSON.stringify({
      nftables: [
        { metainfo: {} },
        ...found.map(([name, packets]) => ({ counter: { table, name, packets } })),
      ],
    });
  const printed = [
    counters("mhlab-faults", ["hits-alpha-1-up", 3], ["hits-alpha-1-down", 1], ["other", 9]),
    counters("mhlab-faults", ["hits-alpha-1-up", 4], ["hits-isp-2-12-down", 5]),
    counters("mhlab", ["hits-alpha-1-up", 100]),
  ].join("\n");
  expect(Object.fromEntries(parseHits(printed))).toEqual({
    "alpha-1": { up: 7, down: 1 },
    "isp-2-12": { up: 0, down: 5 },
  });
});

test("of two that tell another MTU the later one is believed", () => {
  const [first, second] = [
    active(1, "ra-mtu-lie", { mtu: "9000" }),
    active(2, "ra-mtu-lie", { mtu: "1280" }),
  ];
  expect(composeEffects([first, second], GROUND, 0).effects.ra).toEqual({ mtu: 1280 });
  expect(composeEffects([second, first], GROUND, 0).effects.ra).toEqual({ mtu: 9000 });
});

test("of two narrow ways the narrower one counts, and what one sets down stays down", () => {
  const faults = [
    active(1, "upstream-pmtu-blackhole", { mtu: "1400" }),
    active(2, "upstream-pmtu-blackhole", { mtu: "1300", direction: "up" }),
    active(3, "link-carrier-down"),
    { ...active(4, "link-flap"), sinceMs: -5000 },
  ];
  const { effects, untilMs } = composeEffects(faults, GROUND, 0);
  expect(effects).toMatchObject({ mtu: { up: 1300, down: 1400 }, portDown: true });
  expect(untilMs).toBe(5000);
});

test("a copy is made on the device of its way, and none of a copy", () => {
  const { text } = render([active(3, "line-duplicate", { share: "25%", direction: "up" })]);
  expect(text).toContain(
    'chain line_up { type filter hook egress device "line-up" priority 20; policy accept; }',
  );
  expect(text).toContain(
    'line_up meta mark != 0x6d686c63 numgen random mod 10000 < 2500 counter name hits-alpha-3-up meta mark set 0x6d686c63 dup to "line-up" meta mark set 0',
  );
});

test("on a line without the egress hook nothing is copied, and the reason is told", () => {
  expect(() => render([active(3, "line-duplicate")], { hook: "none" })).toThrow(/no egress hook/);
});
