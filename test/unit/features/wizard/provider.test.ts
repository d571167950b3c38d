import {
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
  lstatSync,
  readdirSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  addProvider,
  editProvider,
  removeProvider,
  type ProviderJob,
} from "../../../../src/app/wizard/provider.ts";
import { UNKNOWN_MACHINE } from "../../../../src/features/wizard/machine.ts";
import { mhlab } from "../../cli/run.ts";
import { folder, GIVE_UP, person, surroundings } from "./person.ts";

const LAB = `# Mine.
name: two-isps
internet: bundled   # offline
providers:
  # The cheap one.
  - name: alpha
    prefix: 2001:db8:a::/48   # from the documentation
    # Short, to see renewals.
    delegation: {preferred: 10m,  valid: 20m}
  - name: beta
    prefix: 2001:db8:b::/48
cpes: [{name: home}]   # one
`;

const quiet = { begin() {}, assumed() {}, diff() {}, wrong() {} };
function labFile(text = LAB): string {
  const file = join(folder(), "lab.yaml");
  writeFileSync(file, text);
  return file;
}
const job = (file: string, given: Record<string, string> = {}): ProviderJob => ({
  file,
  given,
  dryRun: false,
  signal: new AbortController().signal,
});
const read = (file: string): string => readFileSync(file, "utf8");

describe("with a person", () => {
  test("add: Enter throughout takes the next name and prefix, and the CPE", async () => {
    const file = labFile();
    const shown: string[] = [];
    await addProvider(surroundings(person()), job(file), { ...quiet, diff: (_, after) => shown.push(after) });
    expect(shown).toEqual([read(file)]);
    expect(read(file)).toBe(
      LAB.replace(
        "cpes:",
        "  - name: gamma\n    prefix: 2001:db8:c::/48\n    subscriber: {cpe: home}\ncpes:",
      ),
    );
  });

  test("edit: Enter throughout changes nothing, a new answer only its place", async () => {
    const file = labFile();
    const before = await editProvider(surroundings(person()), { ...job(file), name: "alpha" }, quiet);
    expect([before.written, read(file)]).toEqual([false, LAB]);
    const who = person({ "Which provider": "alpha", "Preferred lifetime": "5m", Name: "omega" });
    await editProvider(surroundings(who), { ...job(file), name: undefined }, quiet);
    expect(read(file)).toBe(
      LAB.replace("name: alpha", "name: omega").replace("preferred: 10m", "preferred: 5m"),
    );
  });

  test("edit: the usual delegation is one that the file does not mention", async () => {
    const file = labFile();
    const who = person({ "Default delegation and DNS?": true });
    await editProvider(surroundings(who), { ...job(file), name: "alpha" }, quiet);
    expect(read(file)).toBe(LAB.replace(/ {4}# Short.*\n.*\n/, ""));
  });

  test("edit: what a variable gives stays as it is", async () => {
    const text = LAB.replace("2001:db8:b::/48", '"${PREFIX:-2001:db8:b::/48}"');
    const file = labFile(text);
    const { written } = await editProvider(surroundings(person()), { ...job(file), name: "beta" }, quiet);
    expect([written, read(file)]).toEqual([false, text]);
  });

  test("remove: a CPE that nobody else serves goes with a yes, or all stays", async () => {
    const text = LAB.replace("  - name: beta\n", "  - name: beta\n    subscriber: {veth: to-beta}\n");
    const file = labFile(text);
    const question = "The CPE home has no other provider. Remove it as well?";
    const no = removeProvider(
      surroundings(person({ [question]: false })),
      { ...job(file), name: "alpha", removeCpe: false },
      quiet,
    );
    await expect(no).rejects.toThrow("the CPE home would be left without a provider");
    expect(read(file)).toBe(text);
    await removeProvider(surroundings(person()), { ...job(file), name: "alpha", removeCpe: false }, quiet);
    expect(read(file)).toBe(
      "# Mine.\nname: two-isps\ninternet: bundled   # offline\nproviders:\n  - name: beta\n    subscriber: {veth: to-beta}\n    prefix: 2001:db8:b::/48\n",
    );
  });

  test("who gives up, or says no at the end, leaves the file as it was", async () => {
    const file = labFile();
    for (const acts of [{ Prefix: GIVE_UP }, { "Write it?": GIVE_UP }]) {
      await expect(addProvider(surroundings(person(acts)), job(file), quiet)).rejects.toMatchObject({
        exitCode: 130,
      });
    }
    const { written } = await addProvider(surroundings(person({ "Write it?": false })), job(file), quiet);
    expect([written, read(file), readdirSync(dirname(file))]).toEqual([false, LAB, ["lab.yaml"]]);
  });

  test("an answer that the file contradicts is refused at once", async () => {
    const file = labFile();
    const who = person({
      "Default delegation and DNS?": [false],
      "Preferred lifetime": "5h",
      "Valid lifetime": ["1h", "6h"],
      "DNS servers": "2001:db8:a::53",
    });
    await editProvider(surroundings(who), { ...job(file), name: "alpha" }, quiet);
    expect(who.refused.join()).toContain("alpha's preferred (5h) is longer than valid (1h)");
    expect(read(file)).toContain("delegation: {preferred: 5h,  valid: 6h}\n    dns: [2001:db8:a::53]\n");
  });

  test("an editor that saves meanwhile is not overwritten", async () => {
    const file = labFile();
    const saving = { ...quiet, diff: () => writeFileSync(file, `${LAB}# more\n`) };
    await expect(addProvider(surroundings(person()), job(file), saving)).rejects.toMatchObject({
      code: "MHLAB_FILE_CHANGED",
      exitCode: 4,
    });
    expect(read(file)).toBe(`${LAB}# more\n`);
  });
});

describe("by flags", () => {
  test("add, edit and remove give the file back as it was", async () => {
    const file = labFile();
    const argv = ["provider", "add", file, "--name", "gamma", "--prefix", "2001:db8:f::/48"];
    const added = await mhlab([...argv, "--length", "60", "--dns", "2001:db8:f::53,2001:db8:f::54"]);
    expect(added).toMatchObject({ exitCode: 0, stdout: `wrote ${file}: the lab has alpha, beta, gamma\n` });
    expect(added.stderr).toContain("+     delegation: {length: 60}\n");
    expect(read(file)).toContain("    dns: [2001:db8:f::53, 2001:db8:f::54]\n");
    const edit = [
      "provider",
      "edit",
      file,
      "gamma",
      "--length",
      "",
      "--dns",
      "",
      "--link",
      "veth:to-gamma",
      "--json",
    ];
    expect(JSON.parse((await mhlab(edit)).stdout)).toMatchObject({
      provider: "gamma",
      changed: true,
      written: true,
    });
    expect(read(file)).toContain("prefix: 2001:db8:f::/48\n    subscriber: {veth: to-gamma}\ncpes:");
    expect((await mhlab(["provider", "remove", file, "gamma"])).exitCode).toBe(0);
    expect(read(file)).toBe(LAB);
  });

  test.each([
    ["br-lab", "{bridge: br-lab}"],
    ["eth9", "{interface: eth9}"],
    ["vlan:eth9:200.101", "{vlan: {parent: eth9, id: 101, outer: 200}}"],
    ["veth:wan0:container:openwrt", "{veth: {name: wan0, into: container:openwrt}}"],
  ])("a link is written %s", async (link, subscriber) => {
    const file = labFile();
    const facts = { ...UNKNOWN_MACHINE, bridges: ["br-lab"] };
    await editProvider(surroundings(undefined, facts), { ...job(file, { link }), name: "beta" }, quiet);
    expect(read(file)).toContain(`prefix: 2001:db8:b::/48\n    subscriber: ${subscriber}\n`);
  });

  test("nobody looks at the machine for a link that is told wholly", async () => {
    const ports = surroundings(undefined);
    const machine = { look: async () => await Promise.reject(new Error("looked")) };
    const edit = async (link: string): Promise<unknown> =>
      await editProvider({ ...ports, machine }, { ...job(labFile(), { link }), name: "beta" }, quiet);
    await expect(edit("veth:to-beta")).resolves.toMatchObject({ written: true });
    await expect(edit("eth9")).rejects.toThrow("looked");
  });

  test("to a file that has no provider yet", async () => {
    const file = labFile("name: new\ninternet: bundled\n# The end.\ncpes: [{name: home}]\n");
    expect((await mhlab(["provider", "add", file])).exitCode).toBe(0);
    expect(read(file)).toContain("# The end.\ncpes: [{name: home}]\n\nproviders:\n  - name: alpha\n");
  });

  test("a dry run shows and does not write; the same again says so", async () => {
    const file = labFile();
    const dry = await mhlab(["provider", "edit", file, "beta", "--prefix", "2001:db8:f::/48", "--dry-run"]);
    expect(dry).toMatchObject({ exitCode: 0, stdout: "nothing was written\n" });
    expect(dry.stderr).toContain("11 -     prefix: 2001:db8:b::/48\n  11 +     prefix: 2001:db8:f::/48\n");
    expect(read(file)).toBe(LAB);
    const same = await mhlab(["provider", "edit", file, "beta", "--prefix", "2001:db8:b::/48"]);
    expect(same.stdout).toBe(`${file} is unchanged\n`);
  });

  test.each([
    [["add", "LAB", "--prefix", "2001:db8:a::/50"], 2, "overlaps the prefix of alpha"],
    [["add", "LAB", "--name", "home"], 2, "the CPE is called home"],
    [["add", "LAB", "--name", "home-host1"], 2, "MHLAB_LAB_DUPLICATE_NAME"],
    [["edit", "LAB", "alhpa", "--length", "60"], 2, "did you mean alpha?"],
    [["edit", "LAB", "alpha"], 2, "there is nothing to change"],
    [["edit", "LAB", "alpha", "--preferred", "30m"], 2, "MHLAB_LAB_LIFETIMES"],
    [["edit", "LAB", "--length", "60"], 2, "which provider?"],
    [["remove", "LAB"], 2, "there are: alpha, beta"],
    [["add", "nowhere.yaml"], 2, "MHLAB_LAB_UNREADABLE"],
  ])("%j is refused and changes nothing", async (argv, code, said) => {
    const file = labFile();
    const { exitCode, stderr } = await mhlab([
      "provider",
      ...argv.map((one) => (one === "LAB" ? file : one)),
    ]);
    expect(exitCode).toBe(code);
    expect(stderr).toContain(said);
    expect(read(file)).toBe(LAB);
  });

  test("a file that is wrong already is explained by its own errors", async () => {
    for (const text of [
      LAB.replace("/48   #", "/8   #"),
      LAB.replace("name: two", "nmae: two"),
      "- a\n",
      "a: [\n",
    ]) {
      const file = labFile(text);
      const { exitCode, stderr } = await mhlab(["provider", "add", file]);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/MHLAB_LAB_(PREFIX|UNKNOWN_KEY|TYPE|SYNTAX)/);
      expect(read(file)).toBe(text);
    }
  });

  test("the last provider stays; a CPE left alone needs --remove-cpe", async () => {
    const one = labFile(LAB.replace(/ {2}- name: beta\n.*\n/, ""));
    expect((await mhlab(["provider", "remove", one, "alpha"])).stderr).toContain(
      "the only provider of the lab",
    );
    const two = labFile(LAB.replace("  - name: beta\n", "  - name: beta\n    subscriber: {veth: to-beta}\n"));
    expect((await mhlab(["provider", "remove", two, "alpha"])).stderr).toContain("--remove-cpe");
    expect((await mhlab(["provider", "remove", two, "alpha", "--remove-cpe"])).exitCode).toBe(0);
    expect(read(two)).not.toContain("home");
  });

  test("what an anchor shares is refused", async () => {
    const text =
      "name: x\ninternet: bundled\nproviders:\n  - &a {name: alpha, prefix: 2001:db8:a::/48, subscriber: {veth: a}}\n  - {<<: *a, name: beta, prefix: 2001:db8:b::/48, subscriber: {veth: b}, delegation: &d {length: 60}}\n  - {name: c, prefix: 2001:db8:c::/48, subscriber: {veth: c}, delegation: *d}\n";
    const file = labFile(text);
    const { exitCode, stderr } = await mhlab(["provider", "edit", file, "beta", "--length", "62"]);
    expect([exitCode, read(file)]).toEqual([1, text]);
    expect(stderr).toContain("MHLAB_EDIT_REFUSED");
  });

  test("a link stays a link, and the file's mode what it was", async () => {
    const file = labFile();
    chmodSync(file, 0o640);
    const link = join(dirname(file), "link.yaml");
    symlinkSync("lab.yaml", link);
    expect((await mhlab(["provider", "add", link])).exitCode).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(read(file)).toContain("gamma");
  });
});
