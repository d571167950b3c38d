/** What `npm pack` makes of a fresh clone, installed elsewhere: an mhlab that runs, with the same images. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imagesToBuild } from "../../src/adapters/docker/context.ts";
import { PROJECT, labState, paths, run, useSandbox, type CommandResult } from "./support/sandbox.ts";

useSandbox();

/** Beside the project, so that npm packages can be linked instead of copied. */
const cache = join(PROJECT, ".cache");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "pack-"));
const clone = join(folder, "clone");
const installed = join(folder, "there/node_modules/mhlab");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What git would not have. */
const GENERATED = [
  "./node_modules",
  "./dist",
  "./.cache",
  "./.git",
  "./images/*/agent.js",
  "./images/*/program.js",
  "./bench/results",
  "./site/node_modules",
  "./site/pages",
  "./site/dist",
];
/** Nothing of what vitest was started with by npm, and no registry. */
const offline = { npm_config_offline: "true", npm_config_cache: join(folder, "npm") };

beforeAll(async () => {
  mkdirSync(clone);
  const without = GENERATED.map((name) => `--exclude=${name}`);
  await run(["sh", "-c", `tar c "$@" . | tar x -C '${clone}'`, "sh", ...without], { cwd: PROJECT });
  await run(["cp", "-al", join(PROJECT, "node_modules"), clone]);
  await run(["npm", "pack", "--pack-destination", folder], { cwd: clone, env: offline });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "no archive";
  const where = ["--prefix", join(folder, "there")];
  await run(["npm", "install", ...where, join(folder, archive)], { cwd: folder, env: offline });
});

/** Runs the installed mhlab, with nothing of the project near. */
async function there(...args: string[]): Promise<CommandResult> {
  const env = {
    MHLAB_SANDBOX: "1",
    MHLAB_SANDBOX_DIR: paths.root,
    MHLAB_STATE_DIR: labState(),
    NO_COLOR: "1",
  };
  const program = join(folder, "there/node_modules/.bin/mhlab");
  return await run([program, ...args], { cwd: "/", env, check: false });
}

test("it runs", async () => {
  const { version } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { version: string };
  expect(await there("--help")).toMatchObject({ code: 0, stderr: "" });
  expect((await there("version")).stdout).toContain(version);
  const example = join(installed, "examples/two-isps/lab.yaml");
  expect(await there("validate", example)).toMatchObject({ code: 0 });
  // The engine is asked by dockerode too, without what is left out of that.
  const { code, stdout } = await there("doctor", "--json");
  const { healthy, findings } = JSON.parse(stdout) as { healthy: boolean; findings: { message: string }[] };
  expect(code).toBe(healthy ? 0 : 3);
  expect(findings[0]?.message).toContain(`unix://${paths.socket}`);
});

test("it brings nothing else along, and the licences of what is in it", async () => {
  expect(readdirSync(join(folder, "there/node_modules")).filter((name) => !name.startsWith("."))).toEqual([
    "mhlab",
  ]);
  const { stdout } = await execa("du", ["-sm", join(folder, "there")]);
  expect(parseInt(stdout)).toBeLessThan(14);
  const licences = readFileSync(join(installed, "dist/THIRD-PARTY.txt"), "utf8");
  for (const name of ["dockerode", "inquirer", "chalk", "execa", "yaml", "zod"])
    expect(licences).toMatch(new RegExp(`^${name} \\d`, "m"));
});

test("it builds the same images, and has the pages and schemas that it names", async () => {
  const hashes = async (images: string): Promise<string[]> =>
    Object.values(await imagesToBuild(images)).map(({ reference }) => reference);
  expect(await hashes(join(installed, "images"))).toEqual(await hashes(join(PROJECT, "images")));
  const named = ["README.md", "LICENSE", "docs/errors.md", "schemas/lab.schema.json"];
  for (const name of named) expect({ [name]: existsSync(join(installed, name)) }).toEqual({ [name]: true });
});
