import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { init } from "../../../../src/app/wizard/init.ts";
import { parseLab } from "../../../../src/core/model/lab/parse.ts";
import { labText } from "../../../../src/features/wizard/lab-text.ts";
import { UNKNOWN_MACHINE } from "../../../../src/features/wizard/machine.ts";
import { mhlab } from "../../cli/run.ts";
import { ENTER, folder, GIVE_UP, person, surroundings, KEY, options, quiet, type Act } from "./person.ts";

describe("with a person", () => {
  test("who presses Enter throughout: two providers, a CPE, comments, nothing of an own schema left out", async () => {
    const file = join(folder(), "lab.yaml");
    const who = person();
    const { lab, written } = await init(surroundings(who), options(file), quiet);
    expect(written).toBe(true);
    expect(readFileSync(file, "utf8")).toMatch(/^# yaml-language-server: \$schema=lab\.schema\.json\n/);
    expect(readFileSync(file, "utf8").match(/^\s*#/gm)?.length).toBeGreaterThan(4);
    expect([lab.name, lab.providers.map(({ name }) => name), lab.cpes]).toEqual([
      "two-isps",
      ["alpha", "beta"],
      [{ name: "home", software: "bundled", hosts: ["home-host1"], providers: ["alpha", "beta"] }],
    ]);
    // With one bundled CPE there is no question where customers are.
    expect(who.asked).not.toContain("Where its customer is connected");
    expect(who.asked.at(-1)).toBe("Write it?");
  });

  test("who has servers, cards and wishes", async () => {
    const file = join(folder(), "lab.yaml");
    const card = { mac: "02:00:00:00:00:01", carrier: true };
    const facts = {
      ...UNKNOWN_MACHINE,
      cards: [
        { ...card, name: "enp2s0", against: undefined },
        { ...card, name: "enp1s0", against: "it carries the host's default route" },
      ],
    };
    const who = person({
      "The internet behind the providers": "real",
      "The customer of the providers": "own",
      Prefix: ["2001:db8:a::/48", "2001:db8:b::/48"],
      Endpoint: ["192.0.2.42:51820", "[2001:db8:ffff::1]:51820"],
      "Public key": [KEY, KEY],
      // The first takes what is proposed: the free card, not the one in use.
      "Where its customer is connected": [{ enter: true }, "vlan:"],
      "Card and VLAN id": "vlan:enp3s0:7",
      "Default delegation and DNS?": [true, false],
      "Length of a delegation": "60",
      "DNS servers": "2001:db8:b::53, 2001:db8:b::54",
    });
    const { lab } = await init(surroundings(who, facts), options(file), quiet);
    const [alpha, beta] = lab.providers;
    expect(alpha?.subscriber).toEqual({ kind: "claim", interface: "enp2s0" });
    expect(beta?.subscriber).toEqual({ kind: "vlan", parent: "enp3s0", id: 7 });
    expect(beta?.wireguard).toMatchObject({
      kind: "real",
      endpoint: { host: "2001:db8:ffff::1", port: 51820 },
    });
    expect([beta?.delegatedLength, beta?.dns]).toEqual([60, ["2001:db8:b::53", "2001:db8:b::54"]]);
  });

  test.each(["Name of the lab", "Prefix", "Another provider?", "Write it?"])(
    "who gives up at '%s' leaves no file",
    async (question) => {
      const place = folder();
      const who = person({ [question]: GIVE_UP });
      await expect(init(surroundings(who), options(join(place, "lab.yaml")), quiet)).rejects.toMatchObject({
        code: "MHLAB_CANCELLED",
        exitCode: 130,
      });
      expect(readdirSync(place)).toEqual([]);
    },
  );

  test("who does not want what is shown, or does not want to overwrite", async () => {
    const file = join(folder(), "lab.yaml");
    const { written } = await init(surroundings(person({ "Write it?": false })), options(file), quiet);
    expect([written, existsSync(file)]).toEqual([false, false]);
    writeFileSync(file, "mine\n");
    await expect(init(surroundings(person()), options(file), quiet)).rejects.toMatchObject({
      code: "MHLAB_FILE_EXISTS",
    });
    expect(readFileSync(file, "utf8")).toBe("mine\n");
    const yes = person({ [`${file} exists. Overwrite it?`]: true });
    await init(surroundings(yes), options(file), quiet);
    expect(readFileSync(file, "utf8")).toContain("providers:");
  });
});

test("whatever is answered, the file passes the parser", () => {
  const choice = fc.record({
    real: fc.boolean(),
    own: fc.boolean(),
    usual: fc.boolean(),
    hosts: fc.integer({ min: 0, max: 20 }),
    count: fc.integer({ min: 1, max: 5 }),
    link: fc.constantFrom("vlan:", "macvlan:", "bridge:", "veth:", "lan:"),
    length: fc.integer({ min: 49, max: 64 }),
    schema: fc.constantFrom("lab.schema.json", "../a b/ü.json"),
  });
  return fc.assert(
    fc.asyncProperty(choice, async ({ real, own, usual, hosts, count, link, length, schema }) => {
      const times = <T extends Act>(act: T): T[] => Array.from({ length: count }, () => act);
      const who = person({
        "The internet behind the providers": real ? "real" : "bundled",
        "The customer of the providers": own ? "own" : "bundled",
        "Hosts behind it": String(hosts),
        Endpoint: times("vpn.example.net:51820"),
        "Public key": times(KEY),
        "Where its customer is connected": times(link),
        "Default delegation and DNS?": times(usual),
        "Length of a delegation": times(String(length)),
        "Another provider?": [...times(true).slice(1), false],
        Prefix: Array.from({ length: count }, (_, index) => (real ? `fd00:${index}::/48` : ENTER)),
      });
      const result = await init(
        surroundings(who),
        options("/nonexistent/lab.yaml", { schema, dryRun: true }),
        quiet,
      );
      expect(parseLab(result.text, { file: "lab.yaml", env: {} }).lab?.providers).toHaveLength(count);
    }),
    { numRuns: 40 },
  );
});

/** The file that would be written. */
const dry = async (...argv: string[]): Promise<string> =>
  (await mhlab(["init", "--dry-run", ...argv])).stdout;

describe("without a terminal", () => {
  test("it says what it assumed, a line each, and writes", async () => {
    const file = join(folder(), "lab.yaml");
    const { exitCode, stdout, stderr } = await mhlab(["init", file, "--name", "mine"]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`wrote ${file}: lab 'mine', 2 providers, 1 bundled CPE\n`);
    const lines = stderr.split("\n").filter((line) => line.startsWith("assumed "));
    expect(lines).toContain("assumed --internet bundled");
    expect(lines).toContain("assumed --cpe home");
    expect(lines).toContain("assumed --provider prefix=2001:db8:b::/48 (provider 2)");
    expect(lines.join()).not.toContain("--name");
    expect((await mhlab(["validate", file])).exitCode).toBe(0);
  });

  test("a real far side cannot be assumed: all that is missing is named, nothing is written", async () => {
    const place = folder();
    const argv = ["init", join(place, "lab.yaml"), "--internet", "real", "--provider", `name=a,peer=${KEY}`];
    const { exitCode, stdout, stderr } = await mhlab([...argv, "--provider", "name=b,endpoint=192.0.2.1:1"]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("MHLAB_ANSWER_MISSING");
    expect(stderr).toContain(
      "these are missing: --provider prefix= (provider a), --provider endpoint= (provider a), --provider prefix= (provider b), --provider peer= (provider b)",
    );
    expect(readdirSync(place)).toEqual([]);
  });

  test("flags say everything", async () => {
    const file = join(folder(), "lab.yaml");
    const one = `name=one,prefix=2001:db8:1::/48,endpoint=192.0.2.1:51820,peer=${KEY},address=2001:db8:0:1::2/64,link=bridge:br-lab,length=60,preferred=10m,valid=20m,dns=2001:db8:1::53`;
    const argv = [
      "init",
      file,
      "--name",
      "all",
      "--internet",
      "real",
      "--no-cpe",
      "--provider",
      one,
      "--json",
    ];
    const { exitCode, stdout, stderr } = await mhlab(argv);
    expect(stderr).not.toContain("assumed");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      file,
      written: true,
      lab: "all",
      providers: ["one"],
      assumed: [],
    });
    expect(readFileSync(file, "utf8")).toContain("delegation: {length: 60, preferred: 10m, valid: 20m}\n");
  });

  test("a provider that leads to a CPE makes it, one that leads elsewhere needs none", async () => {
    expect(await dry("--provider", "name=a,link=cpe:office")).toContain("- name: office");
    expect(await dry("--provider", "name=a,link=veth:to-a")).not.toContain("cpes:");
  });

  test("the file may stand behind --provider", async () => {
    const file = join(folder(), "lab.yaml");
    expect((await mhlab(["init", "--provider", "name=a", file])).exitCode).toBe(0);
    expect(readFileSync(file, "utf8")).toContain("- name: a\n");
  });

  test.each([
    [["--hosts", "21"], "--hosts is '21'"],
    [["--no-cpe", "--hosts", "1"], "there is no bundled CPE"],
    [
      ["--provider", "name=a,endpoint=192.0.2.1:1"],
      "with the bundled internet, mhlab makes the tunnel endpoint",
    ],
    [["--provider", "name=a,peer=YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=x"], "'(a key)x'"],
    [["--provider", "name=a,link=vlan:"], "link="],
    [["--provider", "name=a,name=b"], "given twice"],
    [["--provider", "nme=a"], "did you mean name?"],
    [["--provider", "alpha,name=a"], "is not key=value"],
    [["--provider", "name=a", "--provider", "name=a"], "there is already a provider a"],
  ])("%j is refused, and no file made", async (argv, said) => {
    const place = folder();
    const { exitCode, stderr } = await mhlab(["init", join(place, "lab.yaml"), ...argv]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain("YAnz5");
    expect(readdirSync(place)).toEqual([]);
  });

  test("an existing file stays unless --force; a folder that is not there is named", async () => {
    const file = join(folder(), "lab.yaml");
    writeFileSync(file, "mine\n");
    expect((await mhlab(["init", file])).stderr).toContain("MHLAB_FILE_EXISTS");
    expect((await mhlab(["init", file, "--yes"])).exitCode).toBe(2);
    expect(readFileSync(file, "utf8")).toBe("mine\n");
    expect((await mhlab(["init", file, "--force"])).exitCode).toBe(0);
    const lost = await mhlab(["init", join(folder(), "nowhere", "lab.yaml")]);
    expect([lost.exitCode, lost.stderr]).toEqual([1, expect.stringContaining("its folder does not exist")]);
  });
});

test("the text of a lab with everything in it", () => {
  const provider = { prefix: "2001:db8:a::/48", link: "cpe:home", defaults: "yes" };
  expect(
    labText({
      schema: "lab.schema.json",
      lab: { name: "two-isps", internet: "bundled", customer: "bundled", cpe: "home", hosts: "2" },
      providers: [
        { ...provider, name: "alpha" },
        {
          ...provider,
          name: "beta",
          prefix: "2001:db8:b::/48",
          defaults: "no",
          preferred: "10m",
          dns: "2001:db8::1",
        },
      ],
    }),
  ).toMatchInlineSnapshot(`
    "# yaml-language-server: $schema=lab.schema.json
    # Your editor finds that file after \`mhlab schema > lab.schema.json\`.

    # Made by \`mhlab init\`. \`mhlab validate\` checks it, \`mhlab up\` starts it.
    name: two-isps

    # Every tunnel ends at a container of the lab, which plays the internet: it
    # answers pings, DNS, HTTP and iperf3 at 2001:db8::1.
    internet: bundled

    providers:
      - name: alpha
        # The first /64 (2001:db8:a::/64) connects it to its customers.
        # Each is delegated a /56 of the upper half (2001:db8:a:8000::/49).
        prefix: 2001:db8:a::/48
        subscriber: {cpe: home}

      - name: beta
        prefix: 2001:db8:b::/48
        delegation: {preferred: 10m}
        subscriber: {cpe: home}
        dns: [2001:db8::1]

    # This CPE requests a prefix from each of its providers; its hosts get an
    # address of each.
    cpes:
      - name: home
        hosts: 2
    "
  `);
});

test("a terminal of 80 columns shows the file without a break", async () => {
  const file = (
    await dry("--provider", "name=a,link=lan:s", "--provider", "name=b,link=veth:to-b,length=60")
  ).split("\n");
  expect(file.slice(1).filter((line) => line.length > 76)).toEqual([]);
});
