import { valueAt } from "../../../../../src/core/model/document.ts";
import { expect, test } from "vitest";
import { labContainers, surroundings } from "../../../../../src/core/render/plan/appliance.ts";
import { internetConfig } from "../../../../../src/core/render/nodes/containers/internet.ts";
import { diffLab } from "../../../../../src/core/render/plan/diff.ts";
import type { HeldFiles } from "../../../../../src/core/render/nodes/observed.ts";
import type { ProviderKeys } from "../../../../../src/core/render/nodes/spec.ts";
import { heldOf, IMAGES, keysOf, lab, running, specs, TWO_ISPS } from "../../../support/planned-lab.ts";

const shared = lab(TWO_ISPS.replace("prefix: 2001:db8:a::/48", "$&\n    wireguard: {preshared-key: true}"));
const keys = new Map<string, ProviderKeys>(
  [...keysOf(shared)].map(([name, pair]) => [name, name === "alpha" ? { ...pair, preshared: "aa" } : pair]),
);

/** What `up` would do where alpha's containers hold these keys. */
function steps(held: Partial<HeldFiles>, internetHolds = "aa"): string[] {
  const desired = specs(shared, { keys });
  const all = heldOf(desired, keys);
  const plan = diffLab({
    lab: shared.name,
    desired,
    keys,
    observed: {
      containers: running(desired),
      images: new Set(Object.values(IMAGES)),
      internet: {
        config: JSON.stringify(internetConfig(shared, surroundings(shared, keys))),
        publicKeys: new Map([...keys].map(([name, { internet }]) => [name, internet ?? ""])),
        preshared: new Map([["alpha", internetHolds]]),
      },
      held: new Map([
        ...all,
        ["alpha", { ...all.get("alpha"), publicKey: keys.get("alpha")?.bng, preshared: "aa", ...held }],
      ]),
    },
  });
  return plan.steps.map(({ action, name, reason }) => `${action} ${name}: ${reason}`);
}

test("keys that are in place change nothing", () => {
  expect(steps({})).toEqual([]);
});

test("another key is taken in place: leases and routes stay", () => {
  expect(steps({ publicKey: "another" })).toEqual(["update alpha: its key changed"]);
});

test("another pre-shared key is taken by both sides", () => {
  expect(steps({ preshared: "bb" }, "bb")).toEqual([
    "update internet: tunnel changed: alpha (new pre-shared key)",
    "update alpha: its pre-shared key changed",
  ]);
});

test("a pre-shared key goes to both sides by file, and appears nowhere else", () => {
  const made = labContainers(shared, { keys, images: IMAGES, version: "1", labFile: "lab.yaml" });
  const files = (name: string): string[] =>
    made.find((spec) => spec.name === name)?.files.map(({ path, mode }) => `${path} ${mode.toString(8)}`) ??
    [];
  expect(files("alpha")).toContain("/etc/mhlab/keys/preshared.key 600");
  expect(files("beta")).not.toContain("/etc/mhlab/keys/preshared.key 600");
  expect(files("internet")).toContain("/etc/mhlab/keys/alpha.psk 600");
  expect(valueAt(made.find(({ name }) => name === "alpha")?.document ?? {}, "wireguard.preshared-key")).toBe(
    "true",
  );
});
