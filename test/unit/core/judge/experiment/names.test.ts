/** Names of files and of captures in the folder of a run, and texts that are changed before they are run. */
import { expect, test } from "vitest";
import { capturesOf } from "../../../../../src/core/judge/experiment/capture-plan.ts";
import { clashingFile } from "../../../../../src/core/judge/experiment/file-names.ts";
import { captureOf } from "../../../../../src/core/judge/scenario/expectations/registry.ts";
import { savedBy, type Step } from "../../../../../src/core/judge/scenario/steps/registry.ts";
import { withSeed } from "../../../../../src/core/judge/scenario/with-seed.ts";

const NODES = [
  { name: "alpha", role: "bng" },
  { name: "home", role: "cpe" },
  { name: "pc", role: "host" },
  { name: "internet", role: "internet" },
] as const;

test("without captures of its own, a scenario has one of each link", () => {
  expect(capturesOf([], NODES).map(({ node, interface: word, file }) => [node, word, file])).toEqual([
    ["alpha", null, "alpha.pcapng"],
    ["home", "lan", "home-lan.pcapng"],
  ]);
});

test("captures of one interface get files of their own", () => {
  const twice = ["icmp6", null].map((filter) => ({ node: "home", interface: "lan", filter }));
  expect(capturesOf(twice, NODES).map(({ file }) => file)).toEqual(["home-lan.pcapng", "home-lan-2.pcapng"]);
});

test("only expectations about the wire are counted there", () => {
  const base = { because: null, expectedFailure: null };
  const wire = { kind: "wire", node: "home", interface: null, filter: "icmp6", while: null } as const;
  const count = { atLeast: 1, atMost: null };
  expect(captureOf({ id: "a", ...base, kind: "leaks", count })).toBeUndefined();
  expect(captureOf({ id: "b", ...base, ...wire, count })).toEqual({
    node: "home",
    interface: null,
    filter: "icmp6",
  });
});

test("nothing is written over by what a step saves", () => {
  const run = (save: string): Step => ({
    id: save,
    atS: null,
    do: "run",
    argv: ["x"],
    node: "pc",
    save,
    limitS: 1,
  });
  const clash = (...names: string[]) =>
    clashingFile(
      names.map(run).flatMap((step) => savedBy(step)?.file ?? []),
      ["run.json"],
    );
  expect(clash("a.json", "b.json")).toBeUndefined();
  expect(clash("a.json", "a.json")).toBe("a.json");
  expect(clash("run.json")).toBe("run.json");
  expect(clash("SHA256SUMS")).toBe("SHA256SUMS");
});

test("another seed changes nothing else of a text", () => {
  expect(withSeed("# why\nname: x # here\nseed: 7\nsteps: []\n", 9)).toBe(
    "# why\nname: x # here\nseed: 9\nsteps: []\n",
  );
  expect(withSeed("name: x\n", 9)).toBe("name: x\nseed: 9\n");
  expect(withSeed("- no map\n", 9)).toBe("- no map\n");
});
