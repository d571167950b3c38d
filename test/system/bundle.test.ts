/** A bundle, brought to a machine without network and without images: it installs there, and a lab of the examples comes up. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { IMAGE_ROLES } from "../../src/core/model/role.ts";
import { paths as there, stop } from "./support/own-sandbox.ts";
import { PROJECT, labState, mhlab, run, useSandbox, type CommandResult } from "./support/sandbox.ts";

useSandbox();

mkdirSync(join(PROJECT, ".cache"), { recursive: true });
const folder = mkdtempSync(join(PROJECT, ".cache/bundle-"));
const bundle = join(folder, "bundle");
const prefix = join(folder, "prefix");

beforeAll(async () => {
  await mhlab(["image", "build"]);
  await mhlab(["bundle", "--out", bundle]);
}, 600_000);
afterAll(async () => {
  await stop(true);
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a command in a network namespace that has nothing but a loopback interface that is down. */
async function cutOff(argv: string[], more: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  const env = {
    MHLAB_SANDBOX: "1",
    MHLAB_SANDBOX_DIR: there.root,
    MHLAB_STATE_DIR: labState(),
    NO_COLOR: "1",
    PREFIX: prefix,
    npm_config_cache: join(folder, "npm"),
    ...more,
  };
  return await run(["unshare", "--net", ...argv], { cwd: "/", env, check: false });
}

test("it holds the package, the images, what is in them, and sums over all of it", async () => {
  await run(["sha256sum", "--check", "--strict", "SHA256SUMS"], { cwd: bundle });
  const summed = readFileSync(join(bundle, "SHA256SUMS"), "utf8").trim().split("\n");
  expect(summed.map((line) => line.slice(66))).toEqual([
    "LICENSE",
    "README.txt",
    "THIRD-PARTY.txt",
    "images.tar",
    "install.sh",
    "mhlab-0.1.0.tgz",
    ...IMAGE_ROLES.map((role) => `sbom/${role}.spdx.json`).sort(),
  ]);
  const { packages } = JSON.parse(readFileSync(join(bundle, "sbom/bng.spdx.json"), "utf8")) as {
    packages: { name: string }[];
  };
  expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(["kea-dhcp6-server", "bird2"]));
});

test("a folder that holds something is refused, and keeps it", async () => {
  const { code, stderr } = await mhlab(["bundle", "--out", bundle], { check: false });
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("holds something already"),
  });
  await run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], { cwd: bundle });
});

test("a damaged file, and another architecture, are refused before anything changes", async () => {
  const damaged = join(folder, "damaged");
  await run(["cp", "-a", "--reflink=auto", bundle, damaged]);
  appendFileSync(join(damaged, "images.tar"), "x");
  const refused = await cutOff(["sh", join(damaged, "install.sh")]);
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("images.tar: FAILED") });
  rmSync(damaged, { recursive: true });

  const programs = join(folder, "programs");
  mkdirSync(programs);
  writeFileSync(join(programs, "uname"), "#!/bin/sh\necho riscv64\n", { mode: 0o755 });
  const foreign = await cutOff(["sh", join(bundle, "install.sh")], {
    PATH: `${programs}:${process.env["PATH"] ?? ""}`,
  });
  expect(foreign).toMatchObject({ code: 3, stderr: expect.stringContaining("this machine is riscv64") });
  expect({ prefix: existsSync(prefix), sandbox: readdirSync(there.root) }).toEqual({
    prefix: false,
    sandbox: [],
  });
});

test("an archive without an image of this mhlab is told apart from a bundle", async () => {
  const none = join(folder, "none.tar");
  await run(["tar", "--create", "--file", none, "--files-from", "/dev/null"]);
  const missing = await mhlab(["image", "load", join(folder, "nothing.tar")], { check: false });
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining("there is no file") });
  expect((await mhlab(["image", "load", none], { check: false })).code).toBe(1);
});

test("it installs without a network, and a lab comes up from its images", async () => {
  const installed = await cutOff(["sh", join(bundle, "install.sh")]);
  expect(installed).toMatchObject({ code: 0, stdout: expect.stringContaining("is installed") });
  const program = join(prefix, "bin/mhlab");
  const lab = join(prefix, "lib/node_modules/mhlab/examples/two-isps/lab.yaml");
  const up = await cutOff([program, "up", lab]);
  expect({ code: up.code, stderr: up.stderr, built: /build/.test(up.stderr) }).toMatchObject({
    code: 0,
    built: false,
  });
  const { stdout } = await cutOff([program, "status", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ healthy: true });
  const licence = await cutOff([
    program,
    "exec",
    "alpha",
    "--",
    "sh",
    "-c",
    "cat /usr/share/doc/kea-dhcp6-server/copyright /usr/share/doc/bird2/copyright",
  ]);
  expect(licence).toMatchObject({ code: 0, stdout: expect.stringContaining("License") });
  expect(await cutOff([program, "down", "--all", "--purge", "--yes"])).toMatchObject({ code: 0 });
});
