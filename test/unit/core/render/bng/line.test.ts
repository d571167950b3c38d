import { expect, test } from "vitest";
import { composeLine, type LineSettings, type LineWay } from "../../../../../src/core/render/bng/line.ts";
import { renderLineRules } from "../../../../../src/core/render/bng/line-rules.ts";
import {
  LacksNetem,
  numberCells,
  parseClasses,
  renderRemoval,
  renderRoot,
  renderTree,
} from "../../../../../src/core/render/bng/line-tree.ts";
import { readInjection } from "../../../../../src/core/model/faults/injection.ts";
import { composeEffects } from "../../../../../src/core/model/faults/kinds.ts";
import { prefixOf } from "../../../../../src/core/model/ip6.ts";

const GROUND = {
  subscriber: { interface: "sub0" },
  wireguard: { interface: "wg-alpha", mtu: 1420 },
  dns: [],
  pool: undefined,
  prefix: prefixOf(0x2001_0db8_000a_0000n << 64n, 48),
  transfer: prefixOf(0x2001_0db8_000a_0000n << 64n, 64),
};
const PERFECT: LineSettings = { delayMs: 0, jitterMs: 0, loss: 0, down: undefined, up: undefined };
const WIDE = "2001:db8:a:8000::/56";
const NARROW = "2001:db8:a:8000::/64";

/** The line with faults, each by its kind and words. */
function line(
  settings: Partial<LineSettings>,
  ...faults: [kind: string, given: Record<string, string>][]
): Record<"up" | "down", LineWay> {
  const active = faults.map(([kind, given], index) => {
    const { values, ...injection } = readInjection(kind, given);
    const fault = { id: `alpha-${index}`, since: "2026-11-24T12:00:00.000Z", ...injection };
    return { fault, values, sinceMs: 0 };
  });
  return composeLine({ ...PERFECT, ...settings }, composeEffects(active, GROUND, 0).effects);
}

/** What tc is told of the way down. */
function tree(way: LineWay, leaf: "netem" | "pfifo" = "netem"): string[] {
  const minors = numberCells(way.cells, new Map());
  return renderTree(way, { device: "sub0", minors, leaf, nowMs: 0 }).map(({ text }) => text);
}

test("a perfect line has no queue", () => {
  const { up, down } = line({});
  expect([up, down].map(({ queued, cells }) => ({ queued, cells }))).toEqual([
    { queued: false, cells: [] },
    { queued: false, cells: [] },
  ]);
  expect(renderRoot("down", "sub0")).toBe(
    "qdisc replace dev sub0 root handle 6d0: htb default 0 direct_qlen 1000",
  );
});

test("delays add up, chances combine, the smallest rate counts", () => {
  const { down } = line(
    { delayMs: 20, jitterMs: 2, down: 50_000_000 },
    ["line-delay", { delay: "30ms" }],
    ["line-jitter", { jitter: "5ms" }],
    ["line-rate", { rate: "20mbit", queue: "200ms" }],
    ["line-corrupt", { share: "50%" }],
    ["line-corrupt", { share: "50%" }],
  );
  expect(down.trunk).toEqual({ rate: 20_000_000, paces: [] });
  expect(down.cells).toMatchObject([
    { from: undefined, delayMs: 55, jitterMs: 7, queueMs: 200, corrupt: 0.75, rate: undefined },
  ]);
  expect(tree(down)).toEqual([
    "class replace dev sub0 parent 6d0: classid 6d0:1 htb rate 20000000bit burst 25000b ceil 20000000bit cburst 25000b quantum 1514",
    "class replace dev sub0 parent 6d0:1 classid 6d0:2 htb rate 80bit burst 1516b ceil 100000000000bit cburst 1000000b quantum 1514",
    "qdisc replace dev sub0 parent 6d0:2 handle 6d2: netem limit 433 delay 55ms 7ms corrupt 75% rate 100000000000bit",
  ]);
});

test("a prefix within another is under the faults of both", () => {
  const { down } = line(
    {},
    ["line-rate", { rate: "2mbit", from: WIDE }],
    ["line-delay", { delay: "10ms", from: NARROW }],
  );
  expect(down.cells.map(({ from, delayMs, rate }) => [from?.length, delayMs, rate])).toEqual([
    [64, 10, 2_000_000],
    [56, 0, 2_000_000],
  ]);
  const minors = numberCells(down.cells, new Map());
  const rules = renderLineRules({ up: line({}).up, down }, { up: new Map(), down: minors }, "sub0");
  expect(rules.split("\n")).toEqual([
    "table netdev mhlab-line {",
    '  chain down { type filter hook egress device "sub0" priority 30; policy accept; }',
    "}",
    "flush table netdev mhlab-line",
    "add rule netdev mhlab-line down meta mark 0x6d686c63 meta mark set 0",
    `add rule netdev mhlab-line down ip6 daddr ${NARROW} meta priority set 6d0:2 accept`,
    `add rule netdev mhlab-line down ip6 daddr ${WIDE} meta priority set 6d0:3 accept`,
    "",
  ]);
});

test("upstream goes through the ifb, after what the line loses", () => {
  const { up, down } = line({ loss: 0.01, up: 10_000_000 });
  const minors = numberCells(up.cells, new Map());
  const rules = renderLineRules({ up, down }, { up: minors, down: new Map() }, "sub0");
  expect(rules).toContain("from_port numgen random mod 10000 < 100 drop");
  expect(rules).toContain('from_port fwd to "line-up"');
  expect(rules).toContain("up meta priority set 6e0:2 accept");
  expect(rules).toContain("down numgen random mod 10000 < 100 drop");
});

test("with nothing to do the table goes", () => {
  const { up, down } = line({});
  expect(renderLineRules({ up, down }, { up: new Map(), down: new Map() }, "sub0")).toBe(
    "table netdev mhlab-line {}\ndelete table netdev mhlab-line\n",
  );
});

test("bursts and another order are told to netem", () => {
  const { down } = line(
    {},
    ["line-loss", { "good-to-bad": "1%" }],
    ["line-reorder", { share: "25%", delay: "10ms" }],
  );
  expect(tree(down).at(-1)).toContain(
    "netem limit 100000 delay 10ms 0ms loss gemodel 1% 25% 100% 0% corrupt 0% reorder 25% rate 0bit",
  );
});

test("without netem there are rates, and the rest is refused with the reason", () => {
  expect(tree(line({ down: 8_000_000 }).down, "pfifo").at(-1)).toContain("pfifo limit 67");
  expect(() => tree(line({ delayMs: 1 }).down, "pfifo")).toThrow(LacksNetem);
  expect(() => tree(line({}, ["line-loss", { "good-to-bad": "1%" }]).down, "pfifo")).toThrow(/no netem/);
});

test("a class keeps its number, and one that empties is not taken", () => {
  const cells = line({}, ["line-rate", { rate: "2mbit", from: WIDE }]).down.cells;
  const before = new Map([["", 2]]);
  expect(numberCells(cells, before)).toEqual(
    new Map([
      ["", 2],
      [WIDE, 3],
    ]),
  );
});

test("a class goes when it is empty", () => {
  const json = JSON.stringify([
    { class: "htb", handle: "6d0:1", stats: { backlog: 0, qlen: 0 } },
    { class: "htb", handle: "6d0:2", stats: { backlog: 3000, qlen: 2 } },
  ]);
  const there = parseClasses(json);
  expect(there).toEqual(
    new Map([
      ["6d0:1", "empty"],
      ["6d0:2", "busy"],
    ]),
  );
  expect(parseClasses("")).toEqual(new Map());
  expect(renderRemoval("down", "sub0", [2, 3], { trunk: "goes", there })).toEqual([
    "class del dev sub0 classid 6d0:2",
    "class del dev sub0 classid 6d0:1",
  ]);
});

test("packets are copied on the device of their way, and no copy is", () => {
  const { up } = line({}, ["line-duplicate", { direction: "up" }]);
  expect(up).toMatchObject({ queued: true, cells: [] });
});
