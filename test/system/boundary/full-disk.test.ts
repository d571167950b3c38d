/** A state folder on a disk that is full: it is said, and nothing is lost. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openKeyStore } from "../../../src/adapters/files/key-store.ts";
import { openLabLock } from "../../../src/adapters/files/lock.ts";
import { run } from "../support/command.ts";

const FULL = {
  code: "MHLAB_STATE_FOLDER",
  message: expect.stringContaining("the disk is full") as string,
};
let state: string;
beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), "mhlab-full-"));
  await run(["mount", "-t", "tmpfs", "-o", "size=128k,mode=700", "mhlab-test", state]);
});
afterEach(async () => {
  await run(["umount", state]);
  rmSync(state, { recursive: true });
});

/** Leaves not one block free. */
function fill(): void {
  for (const size of [65_536, 4096]) {
    for (let index = 0; index < 64; index++) {
      try {
        writeFileSync(join(state, `filler-${size}-${index}`), Buffer.alloc(size));
      } catch {
        break;
      }
    }
  }
}
function makeRoom(): void {
  for (const name of readdirSync(state)) if (name.startsWith("filler-")) rmSync(join(state, name));
}
const wanted = (...names: string[]): { provider: string; bundled: boolean }[] =>
  names.map((provider) => ({ provider, bundled: false }));

test("keys: no half one is left, the others stay, and with room again all is made", async () => {
  const store = openKeyStore(state);
  const before = await store.ensure("demo", wanted("alpha"));
  fill();
  await expect(store.ensure("demo", wanted("alpha", "beta"))).rejects.toMatchObject(FULL);
  await expect(store.rotation.prepare("demo", "alpha")).rejects.toMatchObject(FULL);
  expect(readdirSync(join(state, "labs/demo/keys"))).toEqual(["alpha.key"]);
  expect((await store.publicKeys("demo", ["alpha"])).get("alpha")).toEqual(before.get("alpha"));
  makeRoom();
  const after = await store.ensure("demo", wanted("alpha", "beta"));
  expect(after.get("alpha")).toEqual(before.get("alpha"));
  expect(after.get("beta")?.bng).toBeDefined();
});

test("the lock: nobody holds it then, and nothing is left of it", async () => {
  const lock = openLabLock(state);
  await (
    await lock.acquire("demo", "up")
  )();
  fill();
  await expect(lock.acquire("demo", "up")).rejects.toMatchObject(FULL);
  expect(readdirSync(join(state, "labs/demo"))).toEqual([]);
  makeRoom();
  const release = await lock.acquire("demo", "up");
  expect(readFileSync(join(state, "labs/demo/lock"), "utf8")).toContain(`"pid":${process.pid}`);
  await release();
});
