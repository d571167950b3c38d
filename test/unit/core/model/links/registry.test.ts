/** Each kind of link is known wherever links are told of. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { commandPages } from "../../../../../src/cli/docs.ts";
import { withLinkTables } from "../../../../../src/cli/docs-links.ts";
import { commands } from "../../../../../src/cli/commands/registry.ts";
import { FEATURES } from "../../../../../src/features/doctor/features.ts";
import { PROBE_SCRIPT } from "../../../../../src/features/doctor/probe-script.ts";
import { labJsonSchema } from "../../../../../src/core/model/lab/json-schema.ts";
import { schemaAt } from "../../../../../src/core/model/yaml/json-schema.ts";
import { parseLab } from "../../../../../src/core/model/lab/parse.ts";
import { subscriber } from "../../../../../src/core/model/lab/schema-subscriber.ts";
import { bngSubscriber } from "../../../../../src/core/model/links/bng.ts";
import { formatLink, parseLink } from "../../../../../src/core/model/links/environment.ts";
import { WORD_EXAMPLES } from "../../../../../src/core/model/links/examples.ts";
import {
  ALL_KINDS,
  kindOf,
  LINK_KINDS,
  type AnyLinkKind,
} from "../../../../../src/core/model/links/registry.ts";
import {
  checkWord,
  formatWord,
  parseWord,
  subscriberValue,
  wordOf,
} from "../../../../../src/core/model/links/word.ts";
import { linkChoices } from "../../../../../src/features/wizard/links.ts";
import { UNKNOWN_MACHINE } from "../../../../../src/features/wizard/machine.ts";
import { golden, ROOT } from "../lab/golden.ts";

const textOf = (page: string): string => readFileSync(join(ROOT, page), "utf8");
const names = { lab: "desk", provider: "alpha" };
const kinds = Object.entries(LINK_KINDS) as [string, AnyLinkKind][];
const links = ALL_KINDS.flatMap(({ docs }) =>
  docs.situations.map(({ link }) => [formatWord(link), link] as const),
);

describe.each(kinds)("%s", (name, kind) => {
  test("is in the schema, in both tables of the docs, in the help and in the wizard", () => {
    const schema = schemaAt(labJsonSchema(), ["providers", 0, "subscriber"]);
    expect(Object.keys(schema?.properties ?? {})).toContain(kind.key);
    expect(schema?.["oneOf"]).toContainEqual({ required: [kind.key] });
    expect(textOf("docs/lab-file.md")).toContain(`\n| \`${kind.key}\` |`);
    expect(textOf("docs/subscriber-links.md")).toContain(` | \`{${kind.key}: `);
    for (const page of ["provider-add.md", "provider-edit.md"]) {
      expect(commandPages(commands).get(page)).toContain(` ${kind.key}:`);
    }
    const known = {
      facts: { ...UNKNOWN_MACHINE, cards: [{ name: "eth1", mac: "", carrier: true, against: undefined }] },
      internet: "bundled" as const,
      cpes: ["home"],
      neighbours: [],
      answers: {},
    };
    expect(linkChoices(known).some(({ value }) => value.startsWith(`${kind.key}:`))).toBe(true);
  });

  test("calls its links by its name, and what it may need of the kernel is tried", () => {
    expect(new Set(kind.docs.situations.map(({ link }) => link.kind))).toEqual(new Set([name]));
    for (const feature of kind.features) {
      expect(FEATURES).toContain(feature);
      expect(PROBE_SCRIPT).toContain(`section try-${feature.name} ${feature.attempt}\n`);
    }
    for (const { link } of kind.docs.situations) {
      expect(kind.features).toEqual(expect.arrayContaining([...(kind.needs?.(link) ?? [])]));
    }
  });

  test("its example in help texts is that of the docs", () => {
    const [first] = kind.docs.situations;
    expect(first === undefined ? undefined : formatWord(first.link)).toBe(
      WORD_EXAMPLES[name as keyof typeof WORD_EXAMPLES],
    );
  });

  test("what is proposed for it is right", () => {
    const word = kind.wizard.complete({
      provider: "alpha",
      cpes: ["home"],
      cards: [],
      bridges: [],
      others: [],
    });
    expect(checkWord(word, { cpes: ["home"] })).toBeUndefined();
    expect(parseWord(word).link?.kind).toBe(name);
  });
});

test.each(links)("%s reads the same from word, lab file and label as it was written", (word, link) => {
  expect(parseWord(word)).toEqual({ link });
  const value = subscriberValue(word);
  expect(wordOf(value)).toBe(word);
  expect(subscriber.parse(value)).toEqual(link);
  const told = bngSubscriber(link, names).link;
  expect(parseLink(formatLink(told))).toEqual(told);
});

test("a word is one only for what it says wholly", () => {
  expect(wordOf({ macvlan: { parent: "enp2s0" } })).toBe("macvlan:enp2s0");
  expect(wordOf({ vlan: { parent: "${NIC}", id: "101" } })).toBe("vlan:${NIC}:101");
  for (const value of [
    { interface: "enp2s0", force: "true" },
    { vlan: { parent: "enp2s0" } },
    { vlan: "enp2s0" },
    { veth: { into: "netns:cpe" } },
    { serial: "x" },
    {},
    "enp2s0",
  ]) {
    expect([value, wordOf(value)]).toEqual([value, ""]);
  }
});

test("only a kind that takes an interface can be forced", () => {
  for (const [, link] of links) {
    const kind = kindOf(link);
    expect(kind.forced !== undefined).toBe(kind.hostUse(link)?.how === "takes");
  }
});

describe("the JSON Schema and the parser refuse the same", () => {
  const lab = (value: unknown): unknown => ({
    name: "x",
    internet: "bundled",
    providers: [{ name: "alpha", prefix: "2001:db8:a::/48", subscriber: value }],
    ...(typeof value === "object" && value !== null && "cpe" in value ? { cpes: [{ name: "home" }] } : {}),
  });
  const accepts = new Ajv({ strict: false }).compile(labJsonSchema());

  test.each<[unknown, boolean]>([
    ...links.map(([word]): [unknown, boolean] => [subscriberValue(word), true]),
    [{ interface: "enp2s0", force: "true" }, true],
    [{}, false],
    [{ interface: "enp2s0", bridge: "br-lab" }, false],
    [{ interface: "enp2s0", bridge: "br-lab", force: "true" }, false],
    [{ macvlan: "enp2s0", force: "true" }, false],
    [{ force: "true" }, false],
  ])("%j", (value, right) => {
    expect(parseLab(JSON.stringify(lab(value)), { file: "lab.yaml", env: {} }).lab !== undefined).toBe(right);
    // Numbers are numbers to an editor.
    const seen = JSON.parse(JSON.stringify(lab(value)).replaceAll(/"(\d+|true)"/g, "$1")) as unknown;
    expect(accepts(seen)).toBe(right);
  });
});

test.each(["docs/lab-file.md", "docs/subscriber-links.md"])(
  "the table of %s is what the kinds say (UPDATE_GOLDEN=1 rewrites it)",
  (page) => {
    const made = withLinkTables(textOf(page));
    expect(made).toBe(golden(page, made));
  },
);
