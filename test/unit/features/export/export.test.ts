import { expect, test } from "vitest";
import { parse } from "yaml";
import { exportedImageFolders, exportLab } from "../../../../src/features/export/export.ts";
import { EXPORT_FORMATS } from "../../../../src/features/export/format.ts";
import { labContainers } from "../../../../src/core/render/plan/appliance.ts";
import { golden } from "../../core/model/lab/golden.ts";
import { IMAGES, keysOf, lab, SHARED_LAN, TWO_ISPS } from "../../support/planned-lab.ts";

const PRESHARED = TWO_ISPS.replace(
  "prefix: 2001:db8:a::/48",
  "prefix: 2001:db8:a::/48\n    wireguard: {preshared-key: true}",
);

const REAL = `
name: real
providers:
  - name: alpha
    prefix: 2001:db8:a::/48
    wireguard: {endpoint: "192.0.2.42:51820", peer: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=, address: 2001:db8:0:a::2/64}
    subscriber: {interface: enp2s0}
`;

const specsOf = (text: string): ReturnType<typeof labContainers> => {
  const one = lab(text);
  return labContainers(one, { keys: keysOf(one), images: IMAGES, version: "", labFile: "" });
};

for (const format of EXPORT_FORMATS) {
  test.each([
    ["two-isps", TWO_ISPS],
    ["shared-lan", SHARED_LAN],
    ["real", REAL],
  ])(`${format} of %s is the golden one`, (name, text) => {
    for (const { path, content } of exportLab(name, specsOf(text), format)) {
      if (!("text" in content) || path.startsWith(".")) continue;
      // The profile is the same in every export.
      const file = path === "seccomp.json" ? path : `${name}-${format}/${path}`;
      expect(content.text).toBe(golden(`test/golden/export/${file}`, content.text));
    }
  });

  test(`${format}: keys are private files that are mounted read-only, each under a path of its own`, () => {
    const files = exportLab("two-isps", specsOf(PRESHARED), format);
    const keys = files.filter(({ content }) => "key" in content);
    expect(keys.map(({ path, mode }) => [path.split("/")[0], mode.toString(8)])).toEqual(
      keys.map(() => ["keys", "600"]),
    );
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
    expect(keys.length).toBeGreaterThanOrEqual(6);
    const main = files.map(({ content }) => ("text" in content ? content.text : "")).join("\n");
    for (const { path } of keys) expect(main).toContain(path);
    expect(files.find(({ path }) => path === ".gitignore")).toMatchObject({ content: { text: "/keys/\n" } });
  });
}

test("nothing in an export says that mhlab owns it", () => {
  const everything = EXPORT_FORMATS.flatMap((format) => exportLab("two-isps", specsOf(TWO_ISPS), format));
  expect(JSON.stringify(everything)).not.toContain("io.mhlab");
});

/** Fields of a node in containerlab's schemas/clab.schema.json that an export may use, with the type that they have there. */
const CONTAINERLAB_NODE: Record<string, (value: unknown) => boolean> = {
  kind: (value) => value === "linux",
  image: (value) => typeof value === "string",
  "image-pull-policy": (value) => ["always", "never", "ifnotpresent"].includes(String(value).toLowerCase()),
  cmd: (value) => typeof value === "string",
  "network-mode": (value) => /^(host|none|container:\S+)$/.test(String(value)),
  "restart-policy": (value) => ["no", "on-failure", "always", "unless-stopped"].includes(String(value)),
  env: (value) => Object.values(value as object).every((one) => typeof one === "string"),
  binds: (value) => isUniqueList(value),
  devices: (value) => isUniqueList(value),
  memory: (value) => typeof value === "string",
  sysctls: (value) => Object.values(value as object).every((one) => typeof one === "string"),
};

function isUniqueList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && new Set(value).size === value.length;
}

test.each([
  ["two-isps", TWO_ISPS],
  ["real", REAL],
])("the containerlab topology of %s has only what containerlab's schema knows", (name, text) => {
  const [file] = exportLab(name, specsOf(text), "containerlab");
  if (file === undefined || !("text" in file.content)) throw new Error("no topology");
  const {
    name: written,
    topology,
    ...others
  } = parse(file.content.text) as {
    name: string;
    topology: { nodes: Record<string, Record<string, unknown>> };
  };
  expect([written, others, Object.keys(topology)]).toEqual([name, {}, ["nodes"]]);
  for (const node of Object.values(topology.nodes)) {
    for (const [field, value] of Object.entries(node)) {
      expect(CONTAINERLAB_NODE[field]?.(value), `${field}: ${JSON.stringify(value)}`).toBe(true);
    }
  }
});

test("the images that a lab needs go with it, and no others", () => {
  expect(exportedImageFolders(specsOf(TWO_ISPS)).sort()).toEqual(["bng", "cpe", "internet"]);
  expect(exportedImageFolders(specsOf(REAL))).toEqual(["bng"]);
});
