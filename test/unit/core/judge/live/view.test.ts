/** A lab as messages tell it: what a page holds is what the agents said. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { History, trackOf } from "../../../../../src/core/judge/live/history.ts";
import type { LiveMessage, Span } from "../../../../../src/core/judge/live/message.ts";
import { Sampler } from "../../../../../src/core/judge/live/sampler.ts";
import { spanChanges } from "../../../../../src/core/judge/live/spans.ts";
import { LiveView } from "../../../../../src/core/judge/live/view.ts";
import { NODES } from "../../../../../src/core/render/nodes/registry.ts";
import { PROTOCOL } from "../../../../../src/core/model/protocol/answer.ts";
import { diffStatus } from "../../../../../src/core/model/protocol/patch.ts";
import { SHAPES, type ProviderStatus } from "../../../../../src/core/model/status/model.ts";
import { ANY_STATUS } from "../../../support/statuses.ts";

const AT = "2026-11-24T12:00:00.000000Z";
const begin: LiveMessage = {
  type: "lab",
  lab: "one",
  expected: null,
  self: "mhlab",
  version: "1",
};
const container = { name: "alpha", role: "bng", state: "running", labels: {} } as const;
const blank = NODES.bng.silent({ name: "alpha", state: "running", problem: { code: "x", message: "x" } });

const FAULT = {
  id: "alpha-1",
  kind: "upstream-blackhole",
  since: "1970-01-01T00:00:10.000Z",
  endsAt: null,
  keepaliveS: null,
  direction: "both" as const,
  options: {},
  hits: { up: 0, down: 0 },
};

const STAMP = { seq: 0, monotonicS: 0, at: AT, node: "alpha", role: "bng", epoch: "e" } as const;
const snapshot = (status: ProviderStatus): LiveMessage => ({
  type: "event",
  event: { ...STAMP, event: "snapshot", status: { protocol: PROTOCOL, ...status } },
});

/** A view that was told of alpha. */
function viewOf(status: ProviderStatus, ...more: LiveMessage[]): LiveView {
  const view = new LiveView();
  const messages: LiveMessage[] = [begin, { type: "nodes", nodes: [container] }, snapshot(status), ...more];
  for (const message of messages) view.take(message, 1000);
  return view;
}

test("changes make the next status, and what counts goes on by itself", () => {
  fc.assert(
    fc.property(ANY_STATUS.bng, ANY_STATUS.bng, (before, after) => {
      const patch = diffStatus(SHAPES[after.role], before, after);
      const view = viewOf(before, { type: "event", event: { ...STAMP, seq: 1, event: "patch", patch } });
      const lasting = ({ problems, delegations, uplink: { state } }: ProviderStatus): unknown => [
        problems,
        delegations.map((lease) => ({ ...lease })),
        state,
      ];
      const [alpha] = view.labStatus().providers;
      expect(alpha === undefined ? undefined : lasting(alpha)).toEqual(lasting(after));
    }),
  );
});

test("who is gone stays as he was last, until he is heard again", () => {
  const view = viewOf(blank, { type: "gone", node: "alpha", sinceS: 5, reason: "hangs" });
  expect(view.nodes.get("alpha")?.gone).toEqual({ sinceS: 5, reason: "hangs" });
  expect(view.statusOf("alpha")).toEqual(blank);
  view.take({ type: "back", node: "alpha" }, 2000);
  expect(view.nodes.get("alpha")?.gone).toBeUndefined();
  view.take({ type: "nodes", nodes: [] }, 2000);
  expect([view.nodes.size, view.labStatus().providers]).toEqual([0, []]);
});

test("the log and the spans keep to a size, and a span ends in its place", () => {
  const entry = { at: AT, node: "alpha", event: "log", level: "info", text: "x" } as const;
  const view = viewOf(blank, ...Array.from({ length: 5000 }, (): LiveMessage => ({ type: "log", entry })));
  expect(view.log.length).toBeLessThanOrEqual(2400);
  const span: Span = { id: "1", kind: "fault", label: "loss", node: "alpha", fromS: 1, toS: null };
  for (const toS of [null, 5]) view.take({ type: "span", span: { ...span, toS } }, 0);
  expect(view.spans).toEqual([{ ...span, toS: 5 }]);
});

test("a flash renumbering, which leaves no former prefix, is a span at once", () => {
  const before = "2001:db8:a::/48";
  const after = { ...blank, prefix: "2001:db8:c::/48", prefixes: [] };
  expect(spanChanges([], after, 10, before)).toMatchObject([
    { kind: "renumbering", label: "alpha renumbered from 2001:db8:a::/48", fromS: 10, toS: 10 },
  ]);
  expect(spanChanges([], after, 10, after.prefix)).toEqual([]);
  const former = { prefix: before, state: "withdrawn", endsAt: AT } as const;
  // A renumbering with a former prefix is one span from its beginning to its end, whatever its phases are.
  const withdrawn = spanChanges([], { ...after, prefixes: [former] }, 10, before);
  expect(withdrawn).toHaveLength(1);
  const deprecated = { ...after, prefixes: [{ ...former, state: "deprecated" as const }] };
  expect(spanChanges(withdrawn, deprecated, 20)).toEqual([]);
});

test("a fault is a span from when it was seen first to when it was not any more", () => {
  const faulty = { ...blank, faults: [FAULT] };
  const begun = spanChanges([], faulty, 10);
  expect(begun).toMatchObject([{ kind: "fault", node: "alpha", fromS: 10, toS: null }]);
  expect(spanChanges(begun, faulty, 11)).toEqual([]);
  expect(spanChanges(begun, blank, 20)).toMatchObject([{ fromS: 10, toS: 20 }]);
  expect(spanChanges(begun, { ...blank, name: "beta" }, 20)).toEqual([]);
  const former = {
    prefix: "2001:db8:a::/48",
    state: "deprecated",
    endsAt: "2026-11-24T12:00:00Z",
  } as const;
  const renumbered = { ...blank, prefixes: [former] };
  const first = spanChanges([], renumbered, 10);
  expect(first).toMatchObject([
    { kind: "renumbering", label: "alpha renumbered from 2001:db8:a::/48", fromS: 10 },
  ]);
  const ended = spanChanges(first, blank, 20);
  // It can be renumbered so again, and is a span of its own then.
  expect(spanChanges(ended, renumbered, 30)[0]?.id).not.toBe(first[0]?.id);
});

describe("plots", () => {
  test("keep an hour, each series as long as the times, whenever it began", () => {
    const history = new History();
    for (let second = 0; second < 4000; second++)
      history.add(second, { "rtt/alpha": second, ...(second > 3990 ? { "rtt/late": 1 } : {}) });
    expect(history.times.length).toBeGreaterThanOrEqual(3600);
    expect(history.times.length).toBeLessThan(3700);
    for (const key of history.keys) expect(history.valuesOf(key)).toHaveLength(history.times.length);
    expect(history.valuesOf("rtt/late").filter((value) => value !== null)).toHaveLength(9);
    history.add(3999, { "rtt/alpha": 1 });
    expect(history.times.at(-1)).toBe(3999);
    expect(new History(JSON.parse(JSON.stringify(history)) as never).times).toEqual(history.times);
  });

  test("a series that has nothing left goes", () => {
    const history = new History();
    history.add(0, { "rtt/gone": 1 });
    for (let second = 1; second < 4000; second++) history.add(second, { "rtt/alpha": 1 });
    expect(history.keys).toEqual(["rtt/alpha"]);
  });

  test("a key is a plot and a name, whatever is in the name", () => {
    expect(trackOf("rtt/a/b")).toEqual({ plot: "rtt", name: "a/b" });
    expect([trackOf("no/x"), trackOf("toString/x"), trackOf("x")]).toEqual([undefined, undefined, undefined]);
  });

  test("rates are bits a second of the last seconds, and none when counters begin anew", () => {
    const sampler = new Sampler();
    const at = (atS: number, rxBytes: number): number | null | undefined =>
      sampler.take(atS, [{ ...blank, uplink: { ...blank.uplink, rxBytes } }])["down/alpha"];
    expect([at(0, 1000), at(1, 2000), at(2, 3000), at(3, 0), at(4, 1000)]).toEqual([
      null,
      8000,
      8000,
      null,
      8000,
    ]);
  });

  test("a host has a way by each provider that it has a preferred address of, once it measures", () => {
    const host = NODES.host.silent({ name: "pc", state: "running", problem: { code: "x", message: "x" } });
    const address = {
      address: "2001:db8:a::8",
      provider: "alpha",
      router: "fe80::1",
      state: "preferred",
      rttMs: null,
      lossPct: null,
      preferredUntil: null,
      validUntil: null,
    } as const;
    const deprecated = { ...address, provider: "beta", state: "deprecated", rttMs: 1 } as const;
    const values = (rttMs: number | null): object =>
      new Sampler().take(0, [
        { ...host, addresses: [{ ...address, rttMs, lossPct: rttMs === null ? null : 0 }, deprecated] },
      ]);
    expect([values(null), values(2)]).toEqual([
      { "rtt/pc › alpha": null },
      { "rtt/pc › alpha": 2, "loss/pc › alpha": 0 },
    ]);
  });

  test("loss is what the agent counted, however often somebody looks; without a count there is none", () => {
    const sampler = new Sampler();
    const at = (lossPct: number | null): number | null | undefined =>
      sampler.take(0, [{ ...blank, uplink: { ...blank.uplink, lossPct } }])["loss/alpha"];
    expect([at(null), at(null), at(0), at(5)]).toEqual([undefined, undefined, 0, 5]);
  });

  test("a pause in which nothing was measured breaks the curves, also for who looks later", () => {
    const history = new History();
    for (const atS of [10, 11, 60, 61]) history.add(atS, { "rtt/alpha": 1 });
    const later = new History(JSON.parse(JSON.stringify(history)) as never);
    expect([later.times, later.valuesOf("rtt/alpha")]).toEqual([
      [10, 11, 12, 60, 61],
      [1, 1, null, 1, 1],
    ]);
  });
});
