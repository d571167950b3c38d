/** Podman's own generator reads the units; it is in Debian's package podman. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { exportLab } from "../../../../src/features/export/export.ts";
import { labContainers } from "../../../../src/core/render/plan/appliance.ts";
import { IMAGES, keysOf, lab, SHARED_LAN, TWO_ISPS } from "../../support/planned-lab.ts";

const QUADLET = process.env["MHLAB_TEST_QUADLET"] ?? "/usr/libexec/podman/quadlet";

function unitsOf(text: string): Map<string, string> {
  const one = lab(text);
  const specs = labContainers(one, { keys: keysOf(one), images: IMAGES, version: "", labFile: "" });
  const files = exportLab(one.name, specs, "quadlet").flatMap(({ path, content }) =>
    path.endsWith(".container") && "text" in content ? [[path, content.text] as const] : [],
  );
  return new Map(files);
}

test("each node is a unit, with its rights and mounts", () => {
  const units = unitsOf(TWO_ISPS);
  expect([...units.keys()].sort()).toEqual(
    ["alpha", "beta", "home", "home-host1", "internet"].map((name) => `two-isps-${name}.container`).sort(),
  );
  const alpha = units.get("two-isps-alpha.container")?.split("\n") ?? [];
  for (const line of ["Network=none", "DropCapability=all", "AddCapability=NET_ADMIN", "ReadOnly=true"])
    expect(alpha).toContain(line);
  expect(alpha).toContain("Volume=/proc/1/ns/net:/var/run/netns/host");
});

test.skipIf(!existsSync(QUADLET)).each([TWO_ISPS, SHARED_LAN])(
  "podman's generator takes every unit",
  (text) => {
    const folder = mkdtempSync(join(tmpdir(), "mhlab-quadlet-"));
    const units = unitsOf(text);
    for (const [path, unit] of units) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), unit);
    }
    const env = { ...process.env, QUADLET_UNIT_DIRS: folder };
    const made = execFileSync(QUADLET, ["-dryrun"], { env, encoding: "utf8" });
    expect(made.match(/^---.*\.service---$/gm)).toHaveLength(units.size);
    expect(made.match(/^ExecStart=.*podman run .*--cap-drop all .*$/gm)).toHaveLength(units.size);
    // A wrong key ends the generator with an error.
    writeFileSync(join(folder, "wrong.container"), "[Container]\nImage=localhost/x\nNoSuchKey=1\n");
    expect(() => execFileSync(QUADLET, ["-dryrun"], { env, stdio: "pipe" })).toThrow(/NoSuchKey/);
  },
);
