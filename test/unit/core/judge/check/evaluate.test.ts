/** How packets make verdicts: each kind of rule with packets that it must pass, fail, and be unable to tell. */
import { expect, test } from "vitest";
import { evaluate, filtersOf } from "../../../../../src/core/judge/check/evaluate.ts";
import { factsOf } from "../../../../../src/core/judge/check/facts.ts";
import type { Packet } from "../../../../../src/core/judge/check/packets.ts";
import type {
  PrefixOptionRule,
  Requirement,
  Rule,
  Side,
} from "../../../../../src/core/judge/check/requirement.ts";

const CPE = "02:00:00:00:00:01";
const LAN = "02:00:00:00:00:02";
const ROUTER = "02:00:00:00:00:03";

let frames = 0;
function packet(side: Side, atS: number, cells: Readonly<Record<string, string>>): Packet {
  frames += 1;
  return { side, file: `run/${side}.pcapng`, frame: frames, atS, cells: new Map(Object.entries(cells)) };
}

const WHO = [
  packet("wan", 0, { "eth.src": CPE, "dhcpv6.msgtype": "6" }),
  packet("wan", 0, { "eth.src": ROUTER, "icmpv6.type": "134" }),
  packet("lan", 0, { "eth.src": LAN, "icmpv6.type": "134" }),
];

function reply(atS: number, network: string, validS: number, preferredS = validS): Packet {
  return packet("wan", atS, {
    "eth.src": ROUTER,
    "dhcpv6.msgtype": "7",
    "dhcpv6.iaprefix.pref_addr": network,
    "dhcpv6.iaprefix.pref_len": "56",
    "dhcpv6.iaprefix.pref_lifetime": String(preferredS),
    "dhcpv6.iaprefix.valid_lifetime": String(validS),
  });
}

interface Told {
  readonly prefix: string;
  readonly preferred: number;
  readonly valid: number;
  readonly length?: number;
  readonly flags?: string;
}

/** A router advertisement with one prefix option, and a route option after it. */
function advertisement(atS: number, { prefix, preferred, valid, length = 64, flags = "11" }: Told): Packet {
  return packet("lan", atS, {
    RA: "134",
    "eth.src": LAN,
    "icmpv6.type": "134",
    "icmpv6.opt.type": "3,24,1",
    "icmpv6.opt.prefix": `${prefix},2001:db8:a:8000::`,
    "icmpv6.opt.prefix.length": `${length},56`,
    "icmpv6.opt.prefix.flag.a": flags.charAt(0),
    "icmpv6.opt.prefix.flag.l": flags.charAt(1),
    "icmpv6.opt.prefix.preferred_lifetime": String(preferred),
    "icmpv6.opt.prefix.valid_lifetime": String(valid),
  });
}

function judge(rule: Rule, packets: readonly Packet[], more: Partial<Requirement> = {}): [string, number] {
  const requirement = { rule, ...more } as Requirement;
  const all = [...WHO, ...packets];
  const steps = new Map([["restart", { startedS: 5, endedS: 6 }]]);
  const window = { fromS: 1, toS: 10 };
  const { verdict, violations } = evaluate(requirement, { packets: all, facts: factsOf(all), window, steps });
  return [verdict, violations];
}

const A = { side: "wan", filter: "A" } as const;
const B = { side: "lan", filter: "B" } as const;
const a = (atS: number, cells = {}): Packet => packet("wan", atS, { A: "✓", ...cells });
const b = (atS: number): Packet => packet("lan", atS, { B: "✓" });

test("every: one packet that is not as required is a failure; none at all, or none in the window, is inconclusive", () => {
  const rule: Rule = { kind: "every", of: A, holds: "good" };
  expect(judge(rule, [a(2, { good: "✓" }), a(3, { good: "0" })])).toEqual(["pass", 0]);
  expect(judge(rule, [a(2, { good: "✓" }), a(3)])).toEqual(["fail", 1]);
  expect(judge(rule, [])).toEqual(["inconclusive", 0]);
  expect(judge(rule, [a(0.5), a(10.5)])).toEqual(["inconclusive", 0]);
  // One of the other side is another one.
  expect(judge(rule, [packet("lan", 2, { A: "✓" })])).toEqual(["inconclusive", 0]);
});

test("some: a sample without what is required is a failure", () => {
  const rule: Rule = { kind: "some", of: A, among: B };
  expect(judge(rule, [a(2), b(3)])).toEqual(["pass", 0]);
  expect(judge(rule, [b(3)])).toEqual(["fail", 1]);
  expect(judge(rule, [a(2)])).toEqual(["inconclusive", 0]);
});

test("none: it rests on samples too", () => {
  const rule: Rule = { kind: "none", of: A, among: B };
  expect(judge(rule, [b(3)])).toEqual(["pass", 0]);
  expect(judge(rule, [a(2), b(3)])).toEqual(["fail", 1]);
  expect(judge(rule, [])).toEqual(["inconclusive", 0]);
});

test("answered: an answer that is late, or came before, is none; what was not due yet says nothing", () => {
  const rule: Rule = { kind: "answered", of: A, by: B, withinS: 1 };
  expect(judge(rule, [a(2), b(3)])).toEqual(["pass", 0]);
  expect(judge(rule, [a(2), b(3.1)])).toEqual(["fail", 1]);
  expect(judge(rule, [b(1.9), a(2)])).toEqual(["fail", 1]);
  expect(judge(rule, [a(9.5)])).toEqual(["inconclusive", 0]);
  expect(judge(rule, [a(2), b(2.1), a(4)])).toEqual(["fail", 1]);
  expect(judge({ ...rule, only: "first" }, [a(2), b(2.1), a(4)])).toEqual(["pass", 0]);
});

test("same: a value that is another one after the step is a failure, one side of the step alone says nothing", () => {
  const rule: Rule = { kind: "same", of: A, field: "id", across: "restart" };
  expect(judge(rule, [a(2, { id: "1" }), a(7, { id: "1" })])).toEqual(["pass", 0]);
  expect(judge(rule, [a(2, { id: "1" }), a(7, { id: "2" }), a(8, { id: "1" })])).toEqual(["fail", 1]);
  expect(judge(rule, [a(2, { id: "1" }), a(3, { id: "2" })])).toEqual(["inconclusive", 0]);
  // Before the window counts as well: the value before the restart is there.
  expect(judge(rule, [a(0.5, { id: "1" }), a(7, { id: "2" })])).toEqual(["fail", 1]);
});

const GRANTED = reply(1.5, "2001:db8:a:8000::", 600, 300);
const options = (check: PrefixOptionRule["check"]): Rule => ({
  kind: "prefix-options",
  of: { side: "lan", filter: "RA" },
  options: { of: "all", check },
});

test("prefix options are /64s of a delegation", () => {
  const rule = options("inside a delegation, /64");
  const right = { prefix: "2001:db8:a:8001::", preferred: 300, valid: 600 };
  expect(judge(rule, [GRANTED, advertisement(2, right)])).toEqual(["pass", 0]);
  expect(judge(rule, [GRANTED, advertisement(2, { ...right, length: 63 })])).toEqual(["fail", 1]);
  expect(judge(rule, [GRANTED, advertisement(2, { ...right, prefix: "2001:db8:b:8001::" })])).toEqual([
    "fail",
    1,
  ]);
  expect(judge(rule, [advertisement(2, right)])).toEqual(["inconclusive", 0]);
  expect(judge(rule, [GRANTED])).toEqual(["inconclusive", 0]);
});

test("lifetimes count down with those of the delegation", () => {
  const rule = options("no longer than the delegation");
  const prefix = "2001:db8:a:8001::";
  expect(judge(rule, [GRANTED, advertisement(5, { prefix, preferred: 296, valid: 596 })])).toEqual([
    "pass",
    0,
  ]);
  expect(judge(rule, [GRANTED, advertisement(9, { prefix, preferred: 290, valid: 600 })])).toEqual([
    "fail",
    1,
  ]);
  expect(judge(rule, [GRANTED, advertisement(9, { prefix, preferred: 300, valid: 590 })])).toEqual([
    "fail",
    1,
  ]);
  // After the next Reply they are long again.
  const renewed = [GRANTED, reply(8, "2001:db8:a:8000::", 600, 300)];
  expect(judge(rule, [...renewed, advertisement(9, { prefix, preferred: 299, valid: 599 })])).toEqual([
    "pass",
    0,
  ]);
  expect(judge(rule, [advertisement(9, { prefix, preferred: 1, valid: 1 })])).toEqual(["inconclusive", 0]);
});

test("a prefix that was taken back is withdrawn with lifetimes of 0 and its flags", () => {
  const rule = options("lifetimes 0/0, flags as before");
  const prefix = "2001:db8:a:8001::";
  const before = [
    GRANTED,
    advertisement(2, { prefix, preferred: 300, valid: 600 }),
    reply(3, "2001:db8:a:8000::", 0),
  ];
  const gone = { prefix, preferred: 0, valid: 0 };
  expect(judge(rule, [...before, advertisement(6, gone)])).toEqual(["pass", 0]);
  expect(judge(rule, [...before, advertisement(6, { ...gone, valid: 500 })])).toEqual(["fail", 1]);
  expect(judge(rule, [...before, advertisement(6, { ...gone, flags: "01" })])).toEqual(["fail", 1]);
  // An advertisement that says nothing of it leaves hosts with it.
  expect(judge(rule, [...before, advertisement(6, { ...gone, prefix: "2001:db8:b:8001::" })])).toEqual([
    "fail",
    1,
  ]);
  expect(judge(rule, [...before, advertisement(4, gone)])).toEqual(["inconclusive", 0]);
  expect(judge(rule, [GRANTED, advertisement(6, gone)])).toEqual(["inconclusive", 0]);
});

const BETA = "2001:db8:b:8000::";

/** The same at the other provider. */
const atBeta = (one: Packet): Packet => ({ ...one, file: "run/beta.pcapng" });

/** An advertisement with a prefix option for each of both providers. */
function ofBoth(atS: number, alpha: Omit<Told, "prefix">, beta: Omit<Told, "prefix">): Packet {
  return packet("lan", atS, {
    RA: "134",
    "eth.src": LAN,
    "icmpv6.type": "134",
    "icmpv6.opt.type": "3,3",
    "icmpv6.opt.prefix": "2001:db8:a:8001::,2001:db8:b:8001::",
    "icmpv6.opt.prefix.length": "64,64",
    "icmpv6.opt.prefix.flag.a": "1,1",
    "icmpv6.opt.prefix.flag.l": "1,1",
    "icmpv6.opt.prefix.preferred_lifetime": `${alpha.preferred},${beta.preferred}`,
    "icmpv6.opt.prefix.valid_lifetime": `${alpha.valid},${beta.valid}`,
  });
}

const LIVE = { preferred: 300, valid: 600 };
const OFF = { preferred: 0, valid: 600 };
const TWO = [GRANTED, atBeta(reply(1.6, BETA, 600))];

test("a packet leaves by the provider that delegated its source; what an error is about does not count", () => {
  const rule: Rule = { kind: "exit", of: A };
  const ofAlpha = { "ipv6.src": "2001:db8:a:8001::5,2001:db8:b:8001::9" };
  const ofBeta = { "ipv6.src": "2001:db8:b:8001::5" };
  expect(judge(rule, [...TWO, a(2, ofAlpha), atBeta(a(3, ofBeta))])).toEqual(["pass", 0]);
  expect(judge(rule, [...TWO, a(2, ofAlpha), a(3, ofBeta)])).toEqual(["fail", 1]);
  // Sources that nobody delegated are about something else.
  expect(judge(rule, [...TWO, a(2, { "ipv6.src": "2001:db8:c::1" })])).toEqual(["inconclusive", 0]);
  expect(judge(rule, [GRANTED, a(2, ofAlpha)])).toEqual(["not-applicable", 0]);
});

test("each delegation has a prefix option", () => {
  const rule = options("one in each delegation");
  const alone = { prefix: "2001:db8:a:8001::", ...LIVE };
  expect(judge(rule, [...TWO, ofBoth(2, LIVE, OFF)])).toEqual(["pass", 0]);
  expect(judge(rule, [...TWO, ofBoth(2, LIVE, LIVE), advertisement(3, alone)])).toEqual(["fail", 1]);
  // Before anything was delegated nothing is due.
  expect(judge(rule, [...TWO, advertisement(1.2, alone)])).toEqual(["inconclusive", 0]);
});

test("without a way out each prefix is deprecated, and keeps its valid lifetime", () => {
  const deprecated = options("each is deprecated");
  const kept = options("valid lifetimes stay");
  const one = { prefix: "2001:db8:a:8001::", ...OFF };
  expect(judge(deprecated, [...TWO, ofBoth(2, OFF, OFF)])).toEqual(["pass", 0]);
  expect(judge(deprecated, [...TWO, ofBoth(2, OFF, LIVE)])).toEqual(["fail", 1]);
  // Hosts keep what they are not told of.
  expect(judge(deprecated, [...TWO, advertisement(2, one)])).toEqual(["fail", 1]);
  expect(judge(kept, [...TWO, ofBoth(2, OFF, OFF)])).toEqual(["pass", 0]);
  expect(judge(kept, [...TWO, ofBoth(2, OFF, { preferred: 0, valid: 0 })])).toEqual(["fail", 1]);
  // A prefix that was taken back has to go.
  const gone = [GRANTED, atBeta(reply(1.6, BETA, 0))];
  expect(judge(kept, [...gone, ofBoth(2, OFF, { preferred: 0, valid: 0 })])).toEqual(["pass", 0]);
});

test("when one provider takes its prefix back, those of others stay preferred", () => {
  const rule = options("others stay preferred");
  const before = [...TWO, reply(3, "2001:db8:a:8000::", 0)];
  expect(judge(rule, [...before, ofBoth(5, { preferred: 0, valid: 0 }, LIVE)])).toEqual(["pass", 0]);
  expect(judge(rule, [...before, ofBoth(5, { preferred: 0, valid: 0 }, OFF)])).toEqual(["fail", 1]);
  const alone = { prefix: "2001:db8:a:8001::", preferred: 0, valid: 0 };
  expect(judge(rule, [...before, advertisement(5, alone)])).toEqual(["fail", 1]);
  expect(judge(rule, [...TWO, ofBoth(5, LIVE, LIVE)])).toEqual(["inconclusive", 0]);
  expect(judge(rule, [GRANTED, reply(3, "2001:db8:a:8000::", 0), advertisement(5, alone)])).toEqual([
    "not-applicable",
    0,
  ]);
});

test("a rule that names delegations holds for each; one that names somebody who was not seen says nothing", () => {
  const rule: Rule = {
    kind: "every",
    of: { side: "lan", filter: "RA from ${lan}" },
    holds: "route ${delegation}",
  };
  const both = [GRANTED, reply(1.6, "2001:db8:b:8000::", 600)];
  const told = (...networks: string[]): Packet =>
    packet("lan", 5, {
      [`RA from ${LAN}`]: "✓",
      ...Object.fromEntries(networks.map((network) => [`route ${network}/56`, "✓"])),
    });
  expect(judge(rule, [...both, told("2001:db8:a:8000::", "2001:db8:b:8000::")])).toEqual(["pass", 0]);
  expect(judge(rule, [...both, told("2001:db8:a:8000::")])).toEqual(["fail", 1]);
  expect(judge(rule, [told("2001:db8:a:8000::")])).toEqual(["inconclusive", 0]);
  const nobody = factsOf([]);
  const window = { fromS: 0, toS: 1 };
  expect(filtersOf({ rule } as Requirement, nobody, window)).toEqual([]);
  expect(
    evaluate({ rule } as Requirement, { packets: [], facts: nobody, window, steps: new Map() }),
  ).toMatchObject({
    verdict: "inconclusive",
    reason: "no router advertisement was captured on the LAN",
  });
});

test("who is who: a provider is known by its answer as well, and the CPE is never one of the routers", () => {
  const solicit = packet("wan", 1, { "eth.src": CPE, "dhcpv6.msgtype": "1" });
  const own = packet("wan", 1, { "eth.src": CPE, "icmpv6.type": "134" });
  expect(factsOf([solicit, own, reply(2, "2001:db8:a:8000::", 600)])).toMatchObject({
    cpe: [CPE],
    routers: [ROUTER],
    lan: [],
    granted: [{ network: "2001:db8:a:8000::", length: 56, validS: 600, atS: 2 }],
  });
});

test("what its condition does not occur for is not applicable", () => {
  const rule: Rule = { kind: "every", of: A, holds: "good" };
  const applies = { to: B, otherwise: "there is no B" };
  expect(judge(rule, [a(2)], { applies })).toEqual(["not-applicable", 0]);
  expect(judge(rule, [a(2), b(3)], { applies })).toEqual(["fail", 1]);
});
