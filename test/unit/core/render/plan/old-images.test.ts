import { expect, test } from "vitest";
import { formatBytes } from "../../../../../src/core/model/bytes.ts";
import { oldImageFindings } from "../../../../../src/features/doctor/engine-findings.ts";
import type { FoundContainer } from "../../../../../src/core/render/nodes/observed.ts";
import { freedBytes, sortImages, type HeldImage } from "../../../../../src/core/render/plan/old-images.ts";
import { renderPruned } from "../../../../../src/cli/views/images.ts";

const image = (id: string, ...references: string[]): HeldImage => ({ id, references, steps: [] });
const container = (name: string, imageId: string, reference: string): FoundContainer => ({
  id: name,
  containerName: name,
  image: reference,
  imageId,
  state: "exited",
  labels: {},
});
const sorted = (images: HeldImage[], ...containers: FoundContainer[]): [string[], string[]] => {
  const { old, kept } = sortImages(images, { current: ["mhlab/bng:new"], containers });
  return [[...old], kept.map((one) => `${one.image} ${one.reason}`)];
};

test.each<[string, HeldImage[], FoundContainer[], [string[], string[]]]>([
  ["the current one stays", [image("1", "mhlab/bng:new")], [], [[], ["mhlab/bng:new current"]]],
  ["an older one goes", [image("1", "mhlab/cpe:old")], [], [["mhlab/cpe:old"], []]],
  ["one that lost its name goes by its id", [image("sha256:1")], [], [["sha256:1"], []]],
  [
    "one that a container came from stays, though its name moved on",
    [image("1"), image("2", "mhlab/bng:old")],
    [container("c", "1", "mhlab/bng:old")],
    [["mhlab/bng:old"], ["1 used by c"]],
  ],
  [
    "of one with several names only ours are looked at",
    [image("1", "mine/router:1", "mhlab/bng:old")],
    [],
    [["mhlab/bng:old"], []],
  ],
  [
    "one built upon ours, whose labels are inherited, is not ours",
    [image("1", "mine/router:1")],
    [],
    [[], []],
  ],
  ["the base image itself has a name and stays", [image("1", "node:24-trixie-slim")], [], [[], []]],
])("%s", (_, images, containers, expected) => {
  expect(sorted(images, ...containers)).toEqual(expected);
});

const made = (id: string, references: string[], steps: [string, number][]): HeldImage => ({
  id,
  references,
  steps: steps.map(([key, bytes]) => ({ key, bytes })),
});
const LINEAGE = [
  made("base", ["node:24-trixie-slim"], [["base", 100]]),
  made(
    "1",
    ["mhlab/bng:1"],
    [
      ["base", 100],
      ["apt", 50],
      ["agent 1", 1],
    ],
  ),
  made(
    "2",
    ["mhlab/bng:2", "mine:2"],
    [
      ["base", 100],
      ["apt", 50],
      ["agent 2", 2],
    ],
  ),
  made(
    "3",
    ["mhlab/cpe:3"],
    [
      ["base", 100],
      ["apt", 50],
      ["dhcpcd", 20],
    ],
  ),
  // Equal steps upon different ones are not shared.
  made(
    "4",
    ["mhlab/cpe:4"],
    [
      ["base", 100],
      ["other apt", 40],
      ["dhcpcd", 20],
    ],
  ),
];

test.each<[string[], number]>([
  [[], 0],
  [["mhlab/bng:1"], 1],
  [["mhlab/cpe:4"], 60],
  [["mhlab/bng:1", "mhlab/cpe:3"], 21],
  [["mhlab/bng:2"], 0],
  [["mhlab/bng:1", "mhlab/bng:2", "mine:2", "mhlab/cpe:3"], 73],
])("without %j, so much is free that nobody else has: %d", (gone, bytes) => {
  expect(freedBytes(LINEAGE, gone)).toBe(bytes);
});

test("doctor speaks of old images once they are more than a few", () => {
  expect(oldImageFindings({ count: 5, bytes: 10 })).toEqual([]);
  expect(oldImageFindings({ count: 6, bytes: 6 * 2 ** 20 })).toEqual([
    {
      id: "old-images",
      level: "warn",
      message:
        "6 images of older versions are held that no container uses; without them 6.0 MiB would be free",
      mend: "mhlab image prune",
    },
  ]);
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [240_000_000, "229 MiB"],
  [2 ** 50, "1024 TiB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test("on screen: what went, what stays and why, and a sum", () => {
  const removed = ["mhlab/bng:1", `sha256:${"a".repeat(64)}`];
  const kept = [{ image: "mhlab/bng:2", reason: "current" }];
  const result = { removed, freedBytes: 2 ** 20, kept };
  expect(renderPruned(result, { colour: false, dryRun: false })).toBe(
    [
      "IMAGE",
      "mhlab/bng:1           removed",
      "sha256:aaaaaaaaaaaa   removed",
      "mhlab/bng:2           kept: current",
      "",
      "2 old images removed, 1.0 MiB freed",
      "",
    ].join("\n"),
  );
  expect(renderPruned(result, { colour: false, dryRun: true })).toContain(
    "2 old images would go, and free 1.0 MiB",
  );
  const none = { removed: [], freedBytes: 0, kept: [] };
  expect(renderPruned(none, { colour: false, dryRun: false })).toBe("there is no old image\n");
});
