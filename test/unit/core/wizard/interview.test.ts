import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { init } from "../../../../src/app/init.ts";
import type { ConfirmPrompt, TextPrompt } from "../../../../src/app/ports/prompter.ts";
import { OperationError } from "../../../../src/core/errors.ts";
import { formatPrefix6 } from "../../../../src/core/ip6.ts";
import { draftText } from "../../../../src/core/wizard/draft.ts";
import {
  BACK,
  ENTER,
  folder,
  GIVE_UP,
  person,
  surroundings,
  KEEP,
  KEY,
  options,
  quiet,
  type Act,
} from "./person.ts";

/** Who has a server: what a real far side is asked about. */
const SERVER = {
  "The internet behind the providers": "real",
  "The customer of the providers": "own",
  Endpoint: "192.0.2.42:51820",
  "Public key": KEY,
  "Another provider?": false,
} as const;

describe("a real far side", () => {
  test("has no documentation prefix proposed, and its probe is asked", async () => {
    const proposals = new Map<string, string | undefined>();
    const who = person({ ...SERVER, Prefix: "2a00:1450:4001::/48" });
    const seen = {
      ...who,
      text: async (prompt: TextPrompt): Promise<string> => {
        proposals.set(prompt.message, prompt.propose);
        return await who.text(prompt);
      },
    };
    const { lab } = await init(surroundings(seen), options(join(folder(), "lab.yaml")), quiet);
    expect(proposals.get("Prefix")).toBeUndefined();
    expect([...proposals.values()].filter((one) => /2001:db8|192\.0\.2/.test(one ?? ""))).toEqual([]);
    const far = lab.providers[0]?.wireguard;
    expect(far).toMatchObject({ kind: "real", address: { length: 64 } });
    expect(far?.kind === "real" && far.probe === far.address.address - 1n).toBe(true);
  });

  test("who does not want a probe writes none", async () => {
    const who = person({ ...SERVER, Prefix: "fd00:a::/48", Probe: "none" });
    const { text } = await init(surroundings(who), options(join(folder(), "lab.yaml")), quiet);
    expect(text).not.toContain("probe");
  });

  test.each([
    [
      "fd00:a::/48",
      "A /56 for each of 128 customers, preferred 30m, valid 4h; DNS none.",
      "a /56 of the upper half",
    ],
    [
      "fd00:a::/60",
      "A /62 for each of 2 customers, preferred 30m, valid 4h; DNS none.",
      "a /62 of the upper half",
    ],
    [
      "fd00:a::/63",
      "A /64 for one customer (fd00:a:0:1::/64), preferred 30m, valid 4h; DNS none.",
      "a /64 of the upper half",
    ],
    [
      "fd00:a::/64",
      "A single /64: nothing to delegate, customers take addresses of it (SLAAC); DNS none.",
      "nothing can be delegated",
    ],
  ])("what customers get of %s is said", async (prefix, explained, comment) => {
    const who = person({ ...SERVER, Prefix: prefix });
    const told: string[] = [];
    const seen = {
      ...who,
      confirm: async (prompt: ConfirmPrompt): Promise<boolean> => {
        told.push(prompt.explain ?? "");
        return await who.confirm(prompt);
      },
    };
    const { text } = await init(surroundings(seen), options(join(folder(), "lab.yaml")), quiet);
    expect(told).toContain(explained);
    expect(text).toContain(comment);
  });

  test("nobody is asked how to delegate of a /64", async () => {
    const who = person({
      ...SERVER,
      Prefix: "fd00:a::/64",
      "Usual DNS?": false,
      "DNS servers": "fd00:a::53",
    });
    const { text } = await init(surroundings(who), options(join(folder(), "lab.yaml")), quiet);
    expect(who.asked.filter((one) => /delegation|lifetime/.test(one))).toEqual([]);
    expect(text).toContain("dns: [fd00:a::53]");
  });
});

describe("an answer is judged when it is given", () => {
  test.each([
    [
      "an interface that the provider before has",
      {
        "The customer of the providers": "own",
        "Where its customer is connected": ["interface:", "interface:", "veth:"],
        "Its name": ["eth9", "eth9", BACK],
      },
      "eth9 is already the subscriber interface of alpha",
    ],
    ["a name of a host", { Name: ["home-host1", "beta"] }, "host home-host1 of CPE home has the name of"],
    [
      "a lifetime that is shorter than another",
      {
        "Usual delegation and DNS?": [false, true],
        "Preferred lifetime": "5 hours",
        "Valid lifetime": ["1h", "6h"],
      },
      "alpha's preferred (5h) is longer than valid (1h)",
    ],
    [
      "a length that the pool has no room for",
      { "Usual delegation and DNS?": [false, true], "Length of a delegation": ["48", "/60"] },
      "a /48 does not fit into alpha's pool",
    ],
    [
      "a /64 for a CPE",
      { Prefix: ["2001:db8:a::/64", "2001:db8:a::/48"] },
      "its CPE would be delegated nothing",
    ],
    [
      "a tunnel inside the prefix",
      { ...SERVER, Prefix: "fd00:a::/48", "Tunnel address": ["fd00:a::2/64", "fd00:b::2/64"] },
      "alpha's tunnel network overlaps fd00:a::/64",
    ],
    [
      "another key of the same listener",
      {
        ...SERVER,
        "Another provider?": [true, false],
        Prefix: ["fd00:a::/48", "fd00:b::/48"],
        Endpoint: ["192.0.2.42:51820", "192.0.2.42:51820"],
        "Public key": [KEY, "vIvVN8cjlg56fP1L5LeBfNFj9NwH5i3UEhqgHIUCpRQ=", KEY],
      },
      "beta and alpha name the same endpoint, but different public keys",
    ],
  ])("%s", async (_, acts, said) => {
    const who = person(acts);
    const { written } = await init(surroundings(who), options(join(folder(), "lab.yaml")), quiet);
    expect(who.refused.join("\n")).toContain(said);
    expect(written).toBe(true);
  });

  test("the lifetime that is proposed follows the one before", async () => {
    const who = person({ "Usual delegation and DNS?": [false, true], "Preferred lifetime": "5h" });
    const { lab } = await init(surroundings(who), options(join(folder(), "lab.yaml")), quiet);
    expect(lab.providers[0]).toMatchObject({ lifetimes: { preferredS: 18_000, validS: 18_000 } });
  });
});

describe("the way back", () => {
  test("keeps every answer as the proposal, across providers", async () => {
    const who = person({
      "Name of the lab": "desk",
      Name: ["one", BACK, ENTER, ENTER],
      "Another provider?": [true, BACK, ENTER],
      "Usual delegation and DNS?": [ENTER, BACK, ENTER],
      Prefix: ["2001:db8:f::/48", "2001:db8:e::/48"],
    });
    const { lab } = await init(surroundings(who), options(join(folder(), "lab.yaml")), quiet);
    expect(lab.providers.map(({ name }) => name)).toEqual(["one", "alpha"]);
    expect(lab.providers.map(({ prefix }) => formatPrefix6(prefix))).toEqual([
      "2001:db8:e::/48",
      "2001:db8:a::/48",
    ]);
  });

  test("leads from the last question to the one before, and another answer changes what is asked", async () => {
    const who = person({
      "Write it?": [BACK, ENTER],
      "Another provider?": [true, false, true, false],
    });
    const { lab } = await init(surroundings(who), options(join(folder(), "lab.yaml")), quiet);
    expect(lab.providers).toHaveLength(3);
  });

  test("leads from the rest of a link to its kind", async () => {
    const who = person({
      "The customer of the providers": "own",
      "Where its customer is connected": ["bridge:", "vlan:"],
      "Its name": BACK,
      "Card and VLAN id": "eth9.101",
      "Another provider?": false,
    });
    const { lab } = await init(surroundings(who), options(join(folder(), "lab.yaml")), quiet);
    expect(lab.providers[0]?.subscriber).toEqual({ kind: "vlan", parent: "eth9", id: 101 });
  });

  test("the other internet drops what was said of servers, and proposes it when that comes back", async () => {
    const who = person({
      ...SERVER,
      Prefix: ["fd00:a::/48", ENTER, ENTER],
      "The internet behind the providers": ["real", "bundled", "real"],
      "The customer of the providers": ["own", BACK, "own", BACK, "own"],
    });
    const { lab } = await init(surroundings(who), options(join(folder(), "lab.yaml")), quiet);
    expect(lab.internet).toBe("real");
  });
});

describe("answers are never thrown away", () => {
  const leave = async (file: string, acts: Record<string, Act | Act[]>): Promise<unknown> =>
    await init(surroundings(person(acts)), options(file), quiet).catch((error: unknown) => error);

  test("Ctrl-C offers a draft, and the next time goes on from it", async () => {
    const file = join(folder(), "lab.yaml");
    const error = await leave(file, { "Name of the lab": "desk", Name: "one", Prefix: GIVE_UP });
    expect(error).toMatchObject({
      code: "MHLAB_CANCELLED",
      exitCode: 130,
      state: `Your answers are in ${file}.draft.`,
      hint: `go on from there with: mhlab init ${file}`,
    });
    expect([existsSync(file), existsSync(`${file}.draft`)]).toEqual([false, true]);
    const who = person();
    const { lab } = await init(surroundings(who), options(file), quiet);
    expect(who.asked.slice(0, 2)).toEqual(["Go on from there?", "Prefix"]);
    expect([lab.name, lab.providers[0]?.name]).toEqual(["desk", "one"]);
    expect([existsSync(file), existsSync(`${file}.draft`)]).toEqual([true, false]);
  });

  test("also those to questions that were gone back over", async () => {
    const file = join(folder(), "lab.yaml");
    const acts = {
      Prefix: ["2001:db8:f::/48", BACK],
      Name: [ENTER, GIVE_UP],
      "Usual delegation and DNS?": BACK,
    };
    await leave(file, acts);
    expect(readFileSync(`${file}.draft`, "utf8")).toContain("prefix: 2001:db8:f::/48");
  });

  test("a no to the file that is shown offers it as well", async () => {
    const file = join(folder(), "lab.yaml");
    const kept: string[] = [];
    const talk = { ...quiet, kept: (state: string) => void kept.push(state) };
    const { written } = await init(surroundings(person({ "Write it?": false })), options(file), talk);
    expect([written, kept]).toEqual([false, [`Your answers are in ${file}.draft.`]]);
  });

  test("a second Ctrl-C leaves nothing", async () => {
    const file = join(folder(), "lab.yaml");
    const error = await leave(file, { Prefix: GIVE_UP, [KEEP]: GIVE_UP });
    expect([error, existsSync(`${file}.draft`)]).toMatchObject([{ state: "Nothing was written." }, false]);
  });

  test("an end from outside, when nobody can be asked, keeps them", async () => {
    const file = join(folder(), "lab.yaml");
    const ended = new AbortController();
    ended.abort();
    const who = person({ Prefix: GIVE_UP });
    await init(surroundings(who), options(file, { signal: ended.signal }), quiet).catch(() => undefined);
    expect(who.asked).not.toContain(KEEP);
    expect(existsSync(`${file}.draft`)).toBe(true);
  });

  test("a draft that cannot be written is printed", async () => {
    const ports = surroundings(person({ Prefix: GIVE_UP }));
    const printed: string[] = [];
    const files = {
      ...ports.files,
      write: async () => await Promise.reject(new OperationError("MHLAB_ENGINE", "x")),
    };
    const talk = { ...quiet, draft: (text: string) => void printed.push(text) };
    await init({ ...ports, files }, options(join(folder(), "lab.yaml")), talk).catch(() => undefined);
    expect(printed.join()).toContain("providers:\n  - {name: alpha}\n");
  });

  test("a draft that says two things at once leads to just the question that is wrong", async () => {
    const file = join(folder(), "lab.yaml");
    const said = [
      { name: "desk", internet: "bundled", customer: "own" },
      { name: "one", prefix: "2001:db8:a::/48", link: "interface:eth9", defaults: "yes", more: "yes" },
      { name: "two", prefix: "2001:db8:b::/48", link: "interface:eth9", defaults: "yes", more: "no" },
    ];
    writeFileSync(`${file}.draft`, draftText(file, said));
    const wrong: string[] = [];
    const who = person({ "Where its customer is connected": "veth:" });
    const talk = { ...quiet, wrong: (problem: string) => void wrong.push(problem) };
    await init(surroundings(who), options(file), talk);
    expect(wrong.join()).toContain("eth9 is already the subscriber interface of one");
    expect(who.asked).toEqual([
      "Go on from there?",
      "Where its customer is connected",
      "Its name",
      "Write it?",
    ]);
  });

  test.each(["", "a: [", "lab: 1\n", "lab: {name: {a: b}}\n", "- x\n"])("%j is no draft", async (text) => {
    const file = join(folder(), "lab.yaml");
    writeFileSync(`${file}.draft`, text);
    const wrong: string[] = [];
    const who = person();
    await init(surroundings(who), options(file), { ...quiet, wrong: (problem) => void wrong.push(problem) });
    expect([who.asked[0], wrong.join()]).toEqual(["Name of the lab", expect.stringContaining("is no draft")]);
  });

  test("what is wrong in a draft is asked again, the rest is not", async () => {
    const file = join(folder(), "lab.yaml");
    writeFileSync(
      `${file}.draft`,
      "lab: {name: Not A Name, internet: bundled, customer: bundled, cpe: home}\n",
    );
    const who = person();
    await init(surroundings(who), options(file), quiet);
    expect(who.asked.slice(0, 3)).toEqual(["Go on from there?", "Name of the lab", "Hosts behind it"]);
  });

  test("a folder that takes no file is told before the first question", async () => {
    const who = person();
    const away = init(surroundings(who), options(join(folder(), "away", "lab.yaml")), quiet);
    await expect(away).rejects.toMatchObject({ code: "MHLAB_FILE_UNWRITABLE" });
    expect(who.asked).toEqual([]);
  });
});
