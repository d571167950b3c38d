import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addEntry,
  changeEntry,
  readLoosely,
  removeEntry,
  type Change,
} from "../../../../../src/core/model/lab/edit.ts";
import { GOLDEN, ROOT } from "./golden.ts";

const ZETA = { name: "zeta", prefix: "2001:db8:c::/48", subscriber: { cpe: "home" } };

const COMMENTED = `# yaml-language-server: $schema=x

#   A lab   with odd   spacing
name:   odd     # its name
internet: bundled


providers:   # the two of them
  # The cheap one.
  - name: alpha    # first
    prefix: "2001:db8:a::/48"   # quoted
    # dns: [2001:db8::53]

    # A line of their own.
    delegation: { length: 56,preferred: 30m }

  # The dear one,
  # in two lines.
  -   name: beta
      prefix: 2001:db8:b::/48
      subscriber:
          # where it goes
          interface: enp2s0   # the left card
      dns:
        - 2001:db8:b::53
        - 2001:db8:b::54
    # still beta's

# The home.
cpes:
- name: home   # no indent
  hosts: 2
# The end.
`;

const edited = (result: ReturnType<typeof addEntry>): string => {
  if (result.text === undefined) throw new Error(result.refusal.message);
  return result.text;
};
const add = (text: string): string => edited(addEntry(text, "providers", ZETA));
const change = (text: string, name: string, ...changes: Change[]): string =>
  edited(changeEntry(text, "providers", { name, changes }));
const providers = (text: string): Record<string, unknown>[] =>
  readLoosely(text)?.["providers"] as Record<string, unknown>[];

/** The lines that only one of two texts has. */
function difference(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  return [
    ...old.slice(start, old.length - end).map((line) => `-${line}`),
    ...now.slice(start, now.length - end).map((line) => `+${line}`),
  ];
}

describe("a heavily commented file", () => {
  test("gets a provider behind the last one and its comments", () => {
    expect(difference(COMMENTED, add(COMMENTED))).toEqual([
      "+  -   name: zeta",
      "+      prefix: 2001:db8:c::/48",
      "+      subscriber: {cpe: home}",
      "+",
    ]);
    expect(add(COMMENTED)).toContain("    # still beta's\n\n  -   name: zeta");
  });

  test("loses a provider with the comments right above it, and nothing else", () => {
    const without = edited(removeEntry(COMMENTED, "providers", "beta"));
    expect(difference(COMMENTED, without).every((line) => line.startsWith("-"))).toBe(true);
    expect(without).toContain("delegation: { length: 56,preferred: 30m }\n\n# The home.\n");
    expect(without).not.toContain("dear");
    expect(without).not.toContain("still beta");
    const other = edited(removeEntry(COMMENTED, "providers", "alpha"));
    expect(other).toContain(
      "providers:   # the two of them\n  # The dear one,\n  # in two lines.\n  -   name: beta\n",
    );
  });

  test.each<[string, Change, string[]]>([
    [
      "alpha",
      { path: ["name"], value: "omega" },
      ["-  - name: alpha    # first", "+  - name: omega    # first"],
    ],
    [
      "alpha",
      { path: ["prefix"], value: "2001:db8:f::/48" },
      ['-    prefix: "2001:db8:a::/48"   # quoted', "+    prefix: 2001:db8:f::/48   # quoted"],
    ],
    [
      "alpha",
      { path: ["delegation", "length"], value: "60" },
      ["-    delegation: { length: 56,preferred: 30m }", "+    delegation: { length: 60,preferred: 30m }"],
    ],
    [
      "alpha",
      { path: ["delegation", "valid"], value: "4h" },
      [
        "-    delegation: { length: 56,preferred: 30m }",
        "+    delegation: { length: 56,preferred: 30m, valid: 4h }",
      ],
    ],
    [
      "alpha",
      { path: ["delegation", "length"], value: undefined },
      ["-    delegation: { length: 56,preferred: 30m }", "+    delegation: { preferred: 30m }"],
    ],
    ["alpha", { path: ["subscriber"], value: { veth: "to-alpha" } }, ["+    subscriber: {veth: to-alpha}"]],
    [
      "beta",
      { path: ["subscriber"], value: { vlan: { parent: "enp2s0", id: "101" } } },
      [
        "-          interface: enp2s0   # the left card",
        "+          vlan: {parent: enp2s0, id: 101}   # the left card",
      ],
    ],
    [
      "beta",
      { path: ["dns"], value: ["2001:db8::1"] },
      ["-      dns:", "-        - 2001:db8:b::53", "-        - 2001:db8:b::54", "+      dns: [2001:db8::1]"],
    ],
    [
      "beta",
      { path: ["wireguard", "endpoint"], value: "[2001:db8::1]:51820" },
      ['+      wireguard: {endpoint: "[2001:db8::1]:51820"}'],
    ],
  ])("%s: %j changes only its line", (name, one, lines) => {
    expect(difference(COMMENTED, change(COMMENTED, name, one))).toEqual(lines);
  });

  test("keeps carriage returns, a byte order mark, and an end without newline", () => {
    const windows = `\uFEFF${COMMENTED.replaceAll("\n", "\r\n")}`;
    expect(add(windows)).toBe(`\uFEFF${add(COMMENTED).replaceAll("\n", "\r\n")}`);
    const open = "name: x\nproviders:\n  - {name: alpha, prefix: 2001:db8:a::/48}";
    expect(add(open)).toBe(`${open}\n  - {name: zeta, prefix: 2001:db8:c::/48, subscriber: {cpe: home}}`);
  });
});

describe("other layouts", () => {
  test.each([
    ["name: x\n", "name: x\n\nproviders:\n  - name: zeta\n"],
    ["name: x\nproviders:\n", "name: x\nproviders:\n  - name: zeta\n"],
    [
      "name: x\nproviders: # none yet\ncpes: []\n",
      "name: x\nproviders: # none yet\n  - name: zeta\ncpes: []\n",
    ],
    ["providers: []\nname: x\n", "providers: [{name: zeta}]\nname: x\n"],
    ["providers: [{name: a}] # one\n", "providers: [{name: a}, {name: zeta}] # one\n"],
    ["providers: [\n  {name: a}\n]\n", "providers: [\n  {name: a},\n  {name: zeta}\n]\n"],
    ["providers:\n- {name: a}\n- {name: b}\n", "providers:\n- {name: a}\n- {name: b}\n- {name: zeta}\n"],
    ['{"providers": [{"name": "a"}]}', '{"providers": [{"name": "a"}, {"name": "zeta"}]}'],
    ["{name: x}\n", "{name: x, providers: [{name: zeta}]}\n"],
  ])("%j gets a provider", (before, after) => {
    expect(edited(addEntry(before, "providers", { name: "zeta" }))).toBe(after);
  });

  test.each([
    ["providers: [{name: a}, {name: b}]\n", "providers: [{name: a}]\n"],
    ["providers: [{name: b}, {name: a}]\n", "providers: [{name: a}]\n"],
    ["name: x\nproviders:\n  - name: b\n", "name: x\n"],
    ["providers:\n- {name: b} # out\n- {name: a}\n", "providers:\n- {name: a}\n"],
    ["providers:\n  - name: a\n  - name: b", "providers:\n  - name: a"],
  ])("%j loses b", (before, after) => {
    expect(edited(removeEntry(before, "providers", "b"))).toBe(after);
  });

  test("what is shared by anchors is refused", () => {
    const shared = "providers:\n  - &a {name: alpha, prefix: 2001:db8:a::/48}\n  - {<<: *a, name: beta}\n";
    const result = changeEntry(shared, "providers", {
      name: "alpha",
      changes: [{ path: ["prefix"], value: "2001:db8:f::/48" }],
    });
    expect(result.refusal?.message).toContain("cannot change just this");
    expect(change(shared, "beta", { path: ["prefix"], value: "2001:db8:b::/48" })).toContain(
      "{<<: *a, name: beta, prefix: 2001:db8:b::/48}",
    );
  });
});

const labs = [
  ...readdirSync(`${ROOT}/examples`)
    .map((name) => `${ROOT}/examples/${name}/lab.yaml`)
    .filter((file) => existsSync(file)),
  ...readdirSync(join(GOLDEN, "labs"))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join(GOLDEN, "labs", name)),
];

describe.each(labs)("%s", (file) => {
  const text = readFileSync(file, "utf8");
  test("what is added and removed again leaves the file as it was", () => {
    const more = add(text);
    expect(providers(more).at(-1)).toEqual(ZETA);
    expect(edited(removeEntry(more, "providers", "zeta"))).toBe(text);
  });
});

/** A file of pieces: comments, blank lines and layouts wherever YAML allows them. */
const noise = fc.constantFrom("", "\n", "# a note\n", "\n# a note\n\n", "#dense\n# lines\n");
const tail = fc.constantFrom("", " # why", "   #  odd   spacing");
const provider = (name: string, column: number): fc.Arbitrary<string> => {
  const pad = " ".repeat(column);
  return fc
    .record({
      above: noise,
      tails: fc.array(tail, { minLength: 4, maxLength: 4 }),
      shape: fc.nat(2),
      dns: fc.boolean(),
    })
    .map(({ above, tails: [one, two, three, four], shape, dns }) => {
      const comments = above.replaceAll(/^#/gm, `${pad}#`);
      if (shape === 0) return `${comments}${pad}- {name: ${name}, prefix: 2001:db8:a::/48}${one}\n`;
      const inside = shape === 1 ? `${pad}  # inside\n` : "";
      return `${comments}${pad}- name: ${name}${one}\n${inside}${pad}  prefix: '2001:db8:a::/48'${two}\n${pad}  delegation:${three}\n${pad}    length: 60${four}\n${dns ? `${pad}  dns: [2001:db8::1]\n` : ""}`;
    });
};
const file = fc.constantFrom(0, 2, 4).chain((column) =>
  fc
    .record({
      head: noise,
      first: provider("alpha", column),
      second: provider("beta", column),
      third: provider("delta", column),
      foot: noise,
      eol: fc.constantFrom("\n", "\r\n"),
    })
    .map(({ head, first, second, third, foot, eol }) =>
      `${head}name: x\n${head}providers:\n${first}${second}${third}${foot}cpes:\n  - name: home\n${foot}`.replaceAll(
        "\n",
        eol,
      ),
    ),
);

describe("whatever the layout", () => {
  test("adding inserts one run of lines", () => {
    fc.assert(
      fc.property(file, (text) => {
        expect(difference(text, add(text)).filter((line) => line.startsWith("-"))).toEqual([]);
        expect(edited(removeEntry(add(text), "providers", "zeta"))).toBe(text);
      }),
    );
  });

  test("removing takes one run of lines away, and only comments with it", () => {
    fc.assert(
      fc.property(file, fc.constantFrom("alpha", "beta", "delta"), (text, name) => {
        const after = edited(removeEntry(text, "providers", name));
        const gone = difference(text, after);
        expect(gone.filter((line) => line.startsWith("+"))).toEqual([]);
        expect(providers(after).map((one) => one["name"])).toEqual(
          ["alpha", "beta", "delta"].filter((one) => one !== name),
        );
      }),
    );
  });

  test("changing a value touches its line alone", () => {
    const changes = fc.constantFrom<Change>(
      { path: ["name"], value: "omega" },
      { path: ["prefix"], value: "2001:db8:f::/48" },
      { path: ["delegation", "length"], value: "62" },
      { path: ["delegation", "preferred"], value: "10m" },
      { path: ["dns"], value: ["2001:db8::2", "2001:db8::3"] },
      { path: ["dns"], value: undefined },
      { path: ["subscriber"], value: { vlan: { parent: "enp2s0", id: "7" } } },
    );
    fc.assert(
      fc.property(file, fc.constantFrom("alpha", "beta", "delta"), changes, (text, name, one) => {
        const lines = difference(text, change(text, name, one));
        expect(lines.filter((line) => line.startsWith("-")).length).toBeLessThanOrEqual(1);
        expect(lines.filter((line) => line.startsWith("+")).length).toBeLessThanOrEqual(1);
        expect(lines.filter((line) => /^-\s*#/.test(line))).toEqual([]);
        for (const comment of [" # why", "   #  odd   spacing"]) {
          const kept = (all: string): boolean => all.includes(comment);
          expect(kept(lines.filter((line) => line.startsWith("+")).join())).toBe(
            kept(lines.filter((line) => line.startsWith("-")).join()),
          );
        }
      }),
    );
  });
});
