import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { init } from "../../../../src/app/wizard/init.ts";
import type { Prompter, TextPrompt } from "../../../../src/app/ports/prompter.ts";
import { folder, person, surroundings, KEY, options, quiet } from "./person.ts";

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
      "A /56 for each of 128 customers, preferred 30m, valid 4h; no DNS.",
      "a /56 of the upper half",
    ],
    [
      "fd00:a::/60",
      "A /62 for each of 2 customers, preferred 30m, valid 4h; no DNS.",
      "a /62 of the upper half",
    ],
    [
      "fd00:a::/63",
      "A /64 for one customer (fd00:a:0:1::/64), preferred 30m, valid 4h; no DNS.",
      "a /64 of the upper half",
    ],
    [
      "fd00:a::/64",
      "A single /64: nothing to delegate, customers configure addresses from it (SLAAC); no DNS.",
      "nothing can be delegated",
    ],
  ])("what customers get of %s is said", async (prefix, explained, comment) => {
    const who = person({ ...SERVER, Prefix: prefix });
    const told: string[] = [];
    const seen = {
      ...who,
      confirm: async (prompt: Parameters<Prompter["confirm"]>[0]): Promise<boolean> => {
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
      "Default DNS?": false,
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
        "Where its customer is connected": ["interface:", "interface:"],
        "Its name": ["eth9", "eth9", "eth8"],
      },
      "eth9 is already the subscriber interface of alpha",
    ],
    ["a name of a host", { Name: ["home-host1", "beta"] }, "host home-host1 of CPE home has the name of"],
    [
      "a lifetime that is shorter than another",
      {
        "Default delegation and DNS?": [false, true],
        "Preferred lifetime": "5 hours",
        "Valid lifetime": ["1h", "6h"],
      },
      "alpha's preferred (5h) is longer than valid (1h)",
    ],
    [
      "a length that the pool has no room for",
      { "Default delegation and DNS?": [false, true], "Length of a delegation": ["48", "/60"] },
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
    const who = person({ "Default delegation and DNS?": [false, true], "Preferred lifetime": "5h" });
    const { lab } = await init(surroundings(who), options(join(folder(), "lab.yaml")), quiet);
    expect(lab.providers[0]).toMatchObject({ lifetimes: { preferredS: 18_000, validS: 18_000 } });
  });
});

test("a folder that takes no file is told before the first question", async () => {
  const who = person();
  const away = init(surroundings(who), options(join(folder(), "away", "lab.yaml")), quiet);
  await expect(away).rejects.toMatchObject({ code: "MHLAB_FILE_UNWRITABLE" });
  expect(who.asked).toEqual([]);
});
