/** `mhlab image prune`, `--force` of `image build`, and doctor's word of both, on the real engine. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { IMAGE_ROLES } from "../../src/core/model/role.ts";
import { BASE_IMAGE, Label } from "../../src/core/model/names.ts";
import type { Finding } from "../../src/core/model/host/finding.ts";
import { EngineConnection } from "../../src/adapters/docker/connection.ts";
import { parseEndpoint } from "../../src/adapters/docker/endpoint.ts";
import { openWriter } from "../../src/adapters/docker/writer.ts";
import { expectValidSpdx } from "../unit/support/spdx.ts";
import { docker, imageOf, mhlab, paths, useSandbox } from "./support/sandbox.ts";

useSandbox();

interface Pruned {
  dryRun: boolean;
  removed: string[];
  freedBytes: number;
  kept: { image: string; reason: string }[];
}

const BIG = 4_000_000;
const SHARED_BYTES = 3_000_000;
const SHARED = `FROM ${BASE_IMAGE}\nRUN head -c ${SHARED_BYTES} /dev/urandom > /shared\n`;

/** Builds an image as mhlab does, with its label; returns its id. */
async function build(reference: string, dockerfile: string): Promise<string> {
  const context = pack();
  context.entry({ name: "Dockerfile" }, dockerfile);
  context.finalize();
  const labels = { [Label.contextHash]: reference };
  const stream = await docker.buildImage(context as unknown as NodeJS.ReadableStream, {
    t: reference,
    labels,
    networkmode: "none",
  });
  for await (const _ of stream) void _;
  return (await docker.getImage(reference).inspect()).Id;
}

/** An image of so many bytes of its own, by a content that no other has. */
const own = (mark: string): string =>
  `FROM ${BASE_IMAGE}\nRUN head -c ${BIG} /dev/urandom > /big; echo ${mark}\n`;

async function prune(...args: string[]): Promise<Pruned> {
  const { code, stdout, stderr } = await mhlab(["image", "prune", "--json", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as Pruned;
}

const exists = (image: string): Promise<boolean> =>
  docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );

async function layerBytes(): Promise<number> {
  return ((await docker.df()) as { LayersSize: number }).LayersSize;
}

async function doctor(wanted = "old-images"): Promise<Finding | undefined> {
  const { stdout } = await mhlab(["doctor", "--json"]);
  return (JSON.parse(stdout) as { findings: Finding[] }).findings.find(({ id }) => id === wanted);
}

const leftovers = ["mhlab/bng:fresh", "mhlab/bng:in-use", "test/derived:1"];
// The sandbox's data stay between runs: what earlier ones left goes first.
beforeAll(async () => {
  await mhlab(["image", "build"]);
  await mhlab(["image", "prune"]);
});
afterAll(async () => {
  await docker
    .getContainer("prune-user")
    .remove({ force: true })
    .catch(() => undefined);
  for (const image of leftovers)
    await docker
      .getImage(image)
      .remove()
      .catch(() => undefined);
  await mhlab(["image", "prune"]);
});

test("old images go and free what they hold; current ones, used ones and a user's own stay", async () => {
  const old = await build("mhlab/bng:old", own("old"));
  const moved = await build("mhlab/cpe:moved", own("first"));
  const second = await build("mhlab/cpe:moved", own("second"));
  const used = await build("mhlab/bng:in-use", own("used"));
  await build("mhlab/internet:one", `${SHARED}RUN echo one > /one\n`);
  await build("mhlab/internet:two", `${SHARED}RUN echo two > /two\n`);
  const derived = await build("test/derived:1", "FROM mhlab/bng:in-use\nRUN echo mine > /mine\n");
  // A base image that mhlab imported and that lost its name.
  const tar = pack();
  tar.entry({ name: "base" }, "x".repeat(1000));
  tar.finalize();
  const imported = await docker.importImage(Readable.from(tar), {
    changes: `CMD ["bash"]\nLABEL ${Label.base}=bootstrapped`,
  });
  let text = "";
  for await (const piece of imported) text += String(piece);
  const base = /sha256:[0-9a-f]{64}/.exec(text)?.[0] ?? "";
  await docker.createContainer({ name: "prune-user", Image: "mhlab/bng:in-use", Cmd: ["true"] });

  const gone = ["mhlab/bng:old", "mhlab/cpe:moved", "mhlab/internet:one", "mhlab/internet:two", moved, base];
  expect(await doctor()).toMatchObject({
    level: "warn",
    message: expect.stringMatching(
      /^6 images of older versions .* without them 14\.\d MiB would be free$/,
    ) as string,
    mend: "mhlab image prune",
  });

  const dry = await prune("--dry-run");
  expect(dry.dryRun).toBe(true);
  expect([...dry.removed].sort()).toEqual([...gone].sort());
  for (const image of gone) expect({ [image]: await exists(image) }).toEqual({ [image]: true });

  const before = await layerBytes();
  const { removed, freedBytes, kept } = await prune();
  expect([...removed].sort()).toEqual([...gone].sort());
  // What is said to be free is free, to the byte by the engine's own count of layers.
  expect(freedBytes).toBe(before - (await layerBytes()));
  expect(freedBytes).toBe(dry.freedBytes);
  expect(freedBytes).toBeGreaterThanOrEqual(3 * BIG + SHARED_BYTES);
  for (const image of [...gone, old, second])
    expect({ [image]: await exists(image) }).toEqual({ [image]: false });

  expect(kept).toContainEqual({ image: "mhlab/bng:in-use", reason: "used by prune-user" });
  expect(kept.filter(({ reason }) => reason === "current")).toHaveLength(IMAGE_ROLES.length);
  for (const image of [used, derived, BASE_IMAGE])
    expect({ [image]: await exists(image) }).toEqual({ [image]: true });
  expect(await doctor()).toBeUndefined();

  const again = await mhlab(["image", "prune"]);
  expect(again.stdout).toContain("kept: used by prune-user");
  expect(again.stdout).toContain("there is no old image");
});

/** What a program in an image says. */
async function wordsIn(image: string, script: string): Promise<string> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ["sh", "-c", script],
    Tty: true,
    NetworkDisabled: true,
  });
  try {
    await container.start();
    await container.wait();
    return (await container.logs({ stdout: true })).toString();
  } finally {
    await container.remove({ force: true });
  }
}

test("neither the base nor what is built on it carries apt's caches or manuals; licences stay", async () => {
  const bng = await imageOf("bng");
  const unwanted =
    "find /var/cache/apt /var/lib/apt/lists /usr/share/man /usr/share/locale -type f -size +0; " +
    "find /usr/share/doc -type f ! -name copyright; ls /usr/share/doc/libc6";
  for (const image of [BASE_IMAGE, bng]) expect((await wordsIn(image, unwanted)).trim()).toBe("copyright");
});

test("agents run by Node as its own project builds it, from code that was compiled when the image was built", async () => {
  const bng = await imageOf("bng");
  const said = (await wordsIn(BASE_IMAGE, "node --version; command -v node")).trim().split(/\s+/);
  expect(said).toEqual([expect.stringMatching(/^v24\./), "/usr/local/bin/node"]);
  const look = `
    const { readFileSync } = require("node:fs");
    const [program, cache] = ["js", "cache"].map((end) => "/usr/local/lib/mhlab/program." + end);
    const source = "(function (require, module, exports) {" + readFileSync(program, "latin1") + "\\n})";
    const script = new (require("node:vm").Script)(source, { filename: program, cachedData: readFileSync(cache) });
    process.stdout.write(String(script.cachedDataRejected));`;
  const start = /^exec (node .*) \/usr/m.exec(await wordsIn(bng, "cat /usr/local/lib/mhlab/agent-start"));
  expect(start).not.toBeNull();
  expect((await wordsIn(bng, `${start?.[1]} -e '${look}'`)).trim()).toBe("false");
});

/** Builds a bng image of two layers by the writer; returns its layers, and what was said. */
async function layersBy(
  writer: Awaited<ReturnType<typeof openWriter>>,
  folder: string,
  fresh: boolean,
): Promise<{ layers: readonly string[]; said: string }> {
  const image = { role: "bng", folder, contextHash: "fresh", reference: "mhlab/bng:fresh" } as const;
  const said: string[] = [];
  const signal = AbortSignal.timeout(60_000);
  await writer.build(image, { signal, fresh, onLine: (line) => said.push(line) });
  const { RootFS } = await docker.getImage(image.reference).inspect();
  return { layers: RootFS.Layers ?? [], said: said.join("\n") };
}

test("a forced build uses no earlier one, but for what it just made; doctor tells the age of its packages", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mhlab-fresh-"));
  const { PATH: path } = process.env;
  try {
    writeFileSync(join(folder, "agent.js"), "");
    writeFileSync(
      join(folder, "Dockerfile"),
      `FROM ${BASE_IMAGE} AS base\nRUN : apt-get; head -c 99 /dev/urandom > /one\nFROM base\nCOPY agent.js /\n`,
    );
    // Without mmdebstrap, and where no registry is in reach, the base stays: the other tests' images are built on it.
    process.env["PATH"] = folder;
    const endpoint = parseEndpoint(paths.socket, {});
    const first = await layersBy(await openWriter(new EngineConnection(endpoint)), folder, false);
    const again = await layersBy(await openWriter(new EngineConnection(endpoint)), folder, false);
    expect(again.layers).toEqual(first.layers);
    const writer = await openWriter(new EngineConnection(endpoint));
    const forced = await layersBy(writer, folder, true);
    expect(forced.said.split("\n")).toContain(`pulling ${BASE_IMAGE}`);
    expect(forced.layers[1]).not.toBe(first.layers[1]);
    const next = await layersBy(writer, folder, true);
    expect(next.layers).toEqual(forced.layers);
  } finally {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true, force: true });
  }
  expect(await doctor("image-age")).toMatchObject({
    message: expect.stringContaining("mhlab/bng:fresh less than a day, ") as string,
  });
});

test("image sbom tells the packages of an image by their purls", async () => {
  const { code, stdout, stderr } = await mhlab(["image", "sbom", "bng"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { packages } = JSON.parse(stdout) as {
    packages: { name: string; externalRefs?: { referenceLocator: string }[] }[];
  };
  const purlOf = (name: string): string | undefined =>
    packages.find((one) => one.name === name)?.externalRefs?.[0]?.referenceLocator;
  expect(purlOf("kea-dhcp6-server")).toMatch(/^pkg:deb\/debian\/kea-dhcp6-server@\d.*distro=debian-13$/);
  expect(purlOf("node")).toMatch(/^pkg:generic\/node@\d+\.\d+\.\d+$/);
  expect(purlOf("ipaddr.js")).toMatch(/^pkg:npm\/ipaddr.js@\d/);
  expectValidSpdx(JSON.parse(stdout));
});

test("doctor --images names what an update fixes, by the data of Debian's tracker in a file", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "mhlab-tracker-")), "tracker.json");
  const issue = (about: Readonly<Record<string, string>>): unknown => ({
    description: "a test",
    scope: "remote",
    releases: { trixie: { repositories: { trixie: "1" }, urgency: "not yet assigned", ...about } },
  });
  writeFileSync(
    file,
    JSON.stringify({
      "isc-kea": { "CVE-2026-1": issue({ status: "resolved", fixed_version: "99:1-1" }) },
      bird2: { "CVE-2026-2": issue({ status: "open" }) },
      nftables: { "CVE-2026-3": issue({ status: "resolved", fixed_version: "0" }) },
    }),
  );
  const ask = async (...args: string[]): Promise<Finding[]> => {
    const { stdout } = await mhlab(["doctor", "--images", "--json", ...args]);
    return (JSON.parse(stdout) as { findings: Finding[] }).findings.filter(({ id }) =>
      id.startsWith("vulnerabilities"),
    );
  };
  const findings = await ask("--tracker", file);
  expect(findings).toHaveLength(IMAGE_ROLES.length);
  const bng = findings.find(({ id }) => id.includes("mhlab/bng"));
  expect(bng).toMatchObject({
    level: "warn",
    mend: expect.stringContaining("image build --force") as string,
  });
  expect(bng?.message).toMatch(
    /1 known vulnerability that an update fixes: CVE-2026-1 \(isc-kea \S+, fixed in 99:1-1\)/,
  );
  expect(bng?.message).toContain("for 1 more vulnerability Debian has no fix yet");
  writeFileSync(file, "<html>");
  expect((await ask("--tracker", file)).map(({ message }) => message)).toEqual([
    expect.stringContaining("are in no form that mhlab knows"),
  ]);
});
