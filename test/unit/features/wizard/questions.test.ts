import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { initCommand } from "../../../../src/cli/commands/init.ts";
import { providerCommands } from "../../../../src/cli/commands/provider.ts";
import { linkQuestion } from "../../../../src/features/wizard/links.ts";
import { labQuestions } from "../../../../src/features/wizard/lab-questions.ts";
import { parseHostFacts } from "../../../../src/core/model/host/facts.ts";
import { machineFacts, UNKNOWN_MACHINE } from "../../../../src/features/wizard/machine.ts";
import {
  proposeLabName,
  proposeName,
  proposePrefix,
  proposeProbe,
  proposeTunnelAddress,
} from "../../../../src/features/wizard/proposals.ts";
import { providerQuestions } from "../../../../src/features/wizard/provider-questions.ts";
import type { Known, Question } from "../../../../src/features/wizard/question.ts";

const longs = (options: readonly { flags: string }[] = []): string[] =>
  options.map(({ flags }) => /--[a-z-]+/.exec(flags)?.[0] ?? "");
const KNOWN: Known = {
  facts: UNKNOWN_MACHINE,
  internet: "bundled",
  cpes: ["home"],
  neighbours: [],
  answers: {},
};

describe("every question has a flag, and every flag a question", () => {
  const beside = ["--dry-run", "--format", "--json"];
  // A detail given by its option declines the defaults.
  const ids = providerQuestions.map(({ id }) => id).filter((id) => id !== "defaults");

  test("init", () => {
    const asked = labQuestions("x").flatMap(({ id }) => (id === "customer" ? ["--no-cpe"] : [`--${id}`]));
    const closing = ["--provider", "--force", "--yes", "--up"];
    // --bundled is another way to answer --internet.
    expect(longs(initCommand.options).sort()).toEqual([...asked, ...closing, "--bundled", ...beside].sort());
  });

  test.each(["add", "edit"])("provider %s", (verb) => {
    const command = providerCommands.find(({ path }) => path[1] === verb);
    expect(longs(command?.options).sort()).toEqual(
      [...ids.map((id) => `--${id}`), "--yes", ...beside].sort(),
    );
  });

  test("the keys of --provider are all named in its help", () => {
    const { description = "" } =
      initCommand.options?.find(({ flags }) => flags.startsWith("--provider")) ?? {};
    expect([...description.matchAll(/([a-z]+)=/g)].map(([, key]) => key).sort()).toEqual(ids.sort());
  });
});

describe("what Enter takes is right", () => {
  const known = fc.record({
    facts: fc.constant(UNKNOWN_MACHINE),
    internet: fc.constantFrom("bundled" as const, "real" as const),
    cpes: fc.constantFrom([], ["home"], ["home", "alpha"]),
    neighbours: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom("alpha", "beta", "gamma", "delta"),
        prefix: fc.constantFrom("2001:db8:a::/48", "2001:db8:b::/52", "2001:db8::/40", "${P}"),
        link: fc.constantFrom("cpe:home", "vlan:enp2s0:101", "interface:enp2s0", ""),
      }),
      { selector: ({ name }) => name },
    ),
    answers: fc.constant({ name: "omega", prefix: "2001:db8:f::/48" }),
  });
  const all: readonly [string, Question][] = [...labQuestions("My Lab!"), ...providerQuestions].map(
    (question) => [`${question.id} (${question.kind})`, question],
  );

  test.each(all)("%s", (_, question) => {
    fc.assert(
      fc.property(known, (each) => {
        const proposed = question.propose?.(each);
        // A choice that needs a name is completed by another question.
        const completes = question.more?.(proposed ?? "", each);
        const whole = completes === undefined ? proposed : completes.propose?.(each);
        const taken = [whole, question.assume?.(each)].filter(
          (answer) => answer !== undefined && answer !== "",
        );
        expect(taken.map((answer) => [answer, question.check(answer ?? "", each)])).toEqual(
          taken.map((answer) => [answer, undefined]),
        );
        const values = question.choices?.(each).map(({ value }) => value) ?? [];
        expect(new Set(values).size).toBe(values.length);
        expect(question.kind !== "choice" || proposed === undefined || values.includes(proposed)).toBe(true);
      }),
    );
  });

  test("names, prefixes and tunnel networks come in order", () => {
    expect(proposeName(["alpha", "gamma"])).toBe("beta");
    expect(
      proposeName(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]),
    ).toBe("isp11");
    const one = { name: "alpha", prefix: "2001:db8:a::/48", link: "" };
    expect(proposePrefix([])).toBe("2001:db8:a::/48");
    expect(proposePrefix([one, { ...one, prefix: "2001:db8:b:8000::/49" }])).toBe("2001:db8:c::/48");
    expect(proposeTunnelAddress("fd00::/48")).toMatch(/^fd[0-9a-f]{2}:[0-9a-f:]+::2\/64$/);
    expect(proposeTunnelAddress("fd00::/48")).not.toBe(proposeTunnelAddress("fd01::/48"));
    expect(proposeTunnelAddress("${P}")).toBeUndefined();
    expect(proposeProbe("fd00:0:0:a::2/64")).toBe("fd00:0:0:a::1");
    expect(proposeProbe("fd00::/127")).toBe("fd00::1");
    expect(proposeProbe("fd00::1/128")).toBeUndefined();
    expect(proposeLabName("My  Lab!")).toBe("my-lab");
    expect(proposeLabName("…")).toBe("lab");
  });
});

describe("what is wrong is said", () => {
  const check = (id: string, answer: string, known: Known = KNOWN): string | undefined =>
    providerQuestions.find((question) => question.id === id)?.check(answer, known);
  const beside: Known = {
    ...KNOWN,
    neighbours: [{ name: "alpha", prefix: "2001:db8:a::/48", link: "cpe:home" }],
  };

  test.each([
    ["name", "Alpha", "for example alpha"],
    ["name", "alpha", "there is already a provider alpha"],
    ["name", "home", "the CPE is called home"],
    ["name", "internet", "reserved"],
    ["name", "keeper", "reserved"],
    ["prefix", "2001:db8:a:8000::/52", "overlaps the prefix of alpha"],
    ["prefix", "2001:db8::/48", "overlaps the prefix of the bundled internet"],
    ["prefix", "192.0.2.0/24", "IPv6-only"],
    ["endpoint", "192.0.2.1", "no port"],
    ["peer", "abc", "44 characters"],
    ["link", "cpe:office", "the lab has home"],
    ["link", "serial:0", "is no link: write interface:<nic>, vlan:<parent>:<id>"],
    ["link", "vlan:enp2s0", "needs an id"],
    ["link", "vlan:enp2s0:4095", "needs an id"],
    ["link", "bridge:br0:1", "a part too much"],
    ["link", "interface:enp0s20f0u1u2c2x", "Linux allows 15"],
    ["link", "lan:Street", "for example street"],
    ["link", "veth", "is no link"],
    ["link", "veth:wan0:pod:x", "is no place for an interface"],
    ["length", "40", "from 48 to 64"],
    ["preferred", "30", "has no unit"],
    ["dns", "2001:db8::1 8.8.8.8", "is IPv4"],
  ])("%s %s", (id, answer, said) => {
    expect(check(id, answer, beside)).toContain(said);
  });
});

/** A link as `ip -j -d addr` shows it. */
const link = (ifname: string, more: object): object => ({
  ifname,
  link_type: "ether",
  flags: ["UP"],
  addr_info: [],
  ...more,
});

/** What a look at a host prints. */
const looked = (links: object[], more: Record<string, string> = {}): string =>
  Object.entries({
    links: JSON.stringify(links),
    routes4: JSON.stringify([{ dst: "default", dev: "eth0" }]),
    routes6: "[]",
    ...more,
  })
    .map(([name, text]) => `@@ ${name}\n${text}\n\n@@= 0\n`)
    .join("");

test("cards are told from what is no card, the best first, by the rule of what is taken from a host", () => {
  const { cards, bridges, wireguard } = machineFacts(
    parseHostFacts(
      looked(
        [
          link("lo", { link_type: "loopback" }),
          link("eth0", {
            flags: ["LOWER_UP"],
            address: "02:00:00:00:00:01",
            addr_info: [{ scope: "global", local: "192.0.2.2", prefixlen: 24 }],
          }),
          link("eth1", { addr_info: [{ scope: "link", local: "fe80::1", prefixlen: 64 }] }),
          link("eth2", { master: "br0" }),
          link("eth3", { addr_info: [{ scope: "global", local: "2001:db8::2", prefixlen: 64 }] }),
          link("eth4", { flags: ["LOWER_UP"] }),
          link("veth0", { linkinfo: { info_kind: "veth" } }),
          link("br0", { linkinfo: { info_kind: "bridge" } }),
        ],
        { ssh: "0 0 [2001:db8::2]:22 [2001:db8::9]:50000", "try-wireguard": "" },
      ),
    ),
  );
  expect(cards.map(({ name, carrier, against }) => [name, carrier, against])).toEqual([
    ["eth4", true, undefined],
    ["eth1", false, undefined],
    ["eth0", true, "it carries the host's default route"],
    ["eth2", false, "it is a port of br0"],
    ["eth3", false, "an SSH session comes in by it"],
  ]);
  expect([bridges, wireguard]).toEqual([["br0"], "kernel"]);
  expect(machineFacts(parseHostFacts(""))).toEqual({ wireguard: "unknown", cards: [], bridges: [] });
});

test("what a person writes is read as the word that it means", () => {
  const facts = { ...UNKNOWN_MACHINE, bridges: ["br-lab"] };
  const read = (answer: string, choice?: string): string | undefined => {
    const known = { ...KNOWN, facts };
    const question = choice === undefined ? linkQuestion : linkQuestion.more?.(choice, known);
    return question?.read?.(answer, known);
  };
  expect(["eth9", "br-lab", "br-other", "home", "vlan:eth1:7", "veth"].map((word) => read(word))).toEqual([
    "interface:eth9",
    "bridge:br-lab",
    "interface:br-other",
    "cpe:home",
    "vlan:eth1:7",
    "veth",
  ]);
  expect(read("br7", "bridge:")).toBe("bridge:br7");
  expect(read("eth1:101", "vlan:")).toBe("vlan:eth1:101");
  expect(read("macvlan:eth1", "vlan:")).toBe("macvlan:eth1");
});
