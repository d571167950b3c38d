/** Exported labs, run without mhlab. */
import { chownSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProviderStatus } from "../../src/core/model/status/model.ts";
import { ALPHA, BETA, hostInterfaces, succeed, useLabs, writeLab } from "./lab/fixture.ts";
import { docker, eventually, paths, run } from "./support/sandbox.ts";

useLabs();
const folder = mkdtempSync(join(tmpdir(), "mhlab-export-"));
/** Somebody who is not root; only the container's root has to read the keys. */
const SOMEBODY = 65_534;
const env = { DOCKER_HOST: `unix://${paths.socket}` };

beforeAll(() => succeed(["image", "build"]), 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Exports a lab of two providers; its keys then belong to somebody. */
async function exported(format: string): Promise<string> {
  const target = join(folder, format);
  await succeed(["export", format, writeLab("left", [ALPHA, BETA]), "-o", target]);
  const keys = readdirSync(join(target, "keys"), { recursive: true, withFileTypes: true });
  const files = keys.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files).toHaveLength(4);
  for (const file of files) {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chownSync(file, SOMEBODY, SOMEBODY);
  }
  return target;
}

/** Sees the providers ready and their customer's host on the internet. */
async function expectServed(containerOf: (node: string) => string): Promise<void> {
  const inside = (node: string, argv: string[]): ReturnType<typeof run> =>
    run(["docker", "exec", containerOf(node), ...argv], { env });
  for (const provider of ["alpha", "beta"]) {
    await eventually(
      async () => {
        const status = JSON.parse((await inside(provider, ["agent", "status"])).stdout) as ProviderStatus;
        expect(status).toMatchObject({ ready: true, delegations: [{ routed: true }] });
      },
      { timeoutMs: 30_000 },
    );
  }
  await eventually(() => inside("home-host1", ["ping", "-6", "-c", "1", "-W", "1", "2001:db8::1"]), {
    timeoutMs: 30_000,
  });
}

test("the docker run lines become a lab that serves, and mhlab takes it for nobody's", async () => {
  const target = await exported("docker-run");
  await run(["sh", join(target, "up.sh")], { env });
  await expectServed((node) => `left-${node}`);
  expect((await succeed(["down", "--all"])).stdout).not.toContain("alpha");
  await run(["sh", join(target, "down.sh")], { env });
  expect(await docker.listContainers({ all: true })).toEqual([]);
  expect(await hostInterfaces()).toEqual([]);
});

test("the compose file becomes a lab that serves", async () => {
  const target = await exported("compose");
  const compose = (...words: string[]): ReturnType<typeof run> =>
    run(["docker-compose", "-f", join(target, "compose.yaml"), ...words], { env, timeoutMs: 90_000 });
  await compose("up", "--detach");
  await expectServed((node) => `left-${node}-1`);
  await compose("down");
  expect(await docker.listContainers({ all: true })).toEqual([]);
});

test("a folder that holds something is left alone", async () => {
  const target = await exported("containerlab");
  const before = readdirSync(target).sort();
  expect(before).toEqual([".gitignore", "README.md", "config", "images", "keys", "left.clab.yml"]);
  await expect(succeed(["export", "compose", writeLab("left", [ALPHA, BETA]), "-o", target])).rejects.toThrow(
    "is not empty",
  );
  expect(readdirSync(target).sort()).toEqual(before);
});
