import { chmod, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openKeyStore } from "../../../../src/adapters/files/key-store.ts";
import { publicKeyOf } from "../../../../src/adapters/files/keys.ts";

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "mhlab-keys-"));
});
const folder = (): string => join(state, "labs", "demo", "keys");
const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test("public keys equal those of wg(8)", () => {
  // A pair that `wg genkey` and `wg pubkey` made for this test.
  const made = "ECeUgWvfw6nscv3tXEVPx8DvEbesRgPhAVixu2cCgHA=";
  expect(publicKeyOf(made)).toBe("zTkqojIeJXDCFn76twuuRk8kb6QYFfdt8TeUb5hz00E=");
  expect(publicKeyOf("not a key")).toBeUndefined();
  expect(publicKeyOf(`${made} `)).toBeUndefined();
});

test("keys are made once, private to their owner, and stay the same", async () => {
  const store = openKeyStore(state);
  const wanted = [
    { provider: "alpha", bundled: true },
    { provider: "beta", bundled: false },
  ];
  const first = await store.ensure("demo", wanted);
  expect(await store.ensure("demo", wanted)).toEqual(first);
  expect(await readdir(folder())).toEqual(["alpha.internet.key", "alpha.key", "beta.key"]);
  expect(await mode(folder())).toBe(0o700);
  expect(await mode(join(folder(), "alpha.key"))).toBe(0o600);
  expect(first.get("beta")?.internet).toBeUndefined();
  const text = await store.read("demo", { provider: "alpha", side: "bng" });
  expect(publicKeyOf(text)).toBe(first.get("alpha")?.bng);
});

test("runs at the same time agree on one key", async () => {
  const wanted = [{ provider: "alpha", bundled: true }];
  const all = await Promise.all(Array.from({ length: 8 }, () => openKeyStore(state).ensure("demo", wanted)));
  expect(new Set(all.map((keys) => keys.get("alpha")?.bng)).size).toBe(1);
});

test("a broken key file is an error and is not overwritten", async () => {
  const store = openKeyStore(state);
  await store.ensure("demo", [{ provider: "alpha", bundled: false }]);
  const file = join(folder(), "alpha.key");
  await writeFile(file, "gibberish\n");
  const attempt = store.ensure("demo", [{ provider: "alpha", bundled: false }]);
  await expect(attempt).rejects.toMatchObject({ code: "MHLAB_KEY_BROKEN" });
  await expect(attempt).rejects.not.toMatchObject({
    message: expect.stringContaining("gibberish") as string,
  });
  expect(await readFile(file, "utf8")).toBe("gibberish\n");
});

test.each([0o644, 0o640, 0o604])(
  "a key file that others can read is refused with the line that mends it (mode %o)",
  async (wide) => {
    const store = openKeyStore(state);
    await store.ensure("demo", [{ provider: "alpha", bundled: false }]);
    const file = join(folder(), "alpha.key");
    await chmod(file, wide);
    const key = (await readFile(file, "utf8")).trim();
    const attempt = store.publicKeys("demo", ["alpha"]);
    await expect(attempt).rejects.toMatchObject({
      code: "MHLAB_KEY_EXPOSED",
      hint: expect.stringMatching(`^chmod 600 ${file}\n`) as string,
    });
    const error = await attempt.catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(key);
    await chmod(file, 0o600);
    expect((await store.publicKeys("demo", ["alpha"])).get("alpha")?.bng).toBe(publicKeyOf(key));
  },
);

test("looking at keys makes none, purging removes them", async () => {
  const store = openKeyStore(state);
  expect((await store.publicKeys("demo", ["alpha"])).get("alpha")).toEqual({
    bng: undefined,
    internet: undefined,
  });
  await store.ensure("demo", [{ provider: "alpha", bundled: true }]);
  await chmod(folder(), 0o700);
  expect(await store.purge("demo")).toBe(2);
  expect(await store.purge("demo")).toBe(0);
});
