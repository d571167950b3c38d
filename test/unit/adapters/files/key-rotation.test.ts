import { mkdtemp, readdir, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { keyFingerprint } from "../../../../src/adapters/files/keys.ts";
import { openKeyStore } from "../../../../src/adapters/files/key-store.ts";
import type { KeyStore } from "../../../../src/app/ports/key-store.ts";

let state: string;
let store: KeyStore;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), "mhlab-keys-"));
  store = openKeyStore(state);
});
const names = async (): Promise<string[]> => (await readdir(join(state, "labs/demo/keys"))).sort();

test("a pre-shared key is made once, 0600, and known by its fingerprint only", async () => {
  const wanted = [{ provider: "alpha", bundled: false, preshared: true }];
  const made = await store.ensure("demo", wanted);
  expect(await store.ensure("demo", wanted)).toEqual(made);
  expect(await names()).toEqual(["alpha.key", "alpha.psk"]);
  const place = store.place("demo", { provider: "alpha", side: "preshared" });
  expect((await stat(place)).mode & 0o777).toBe(0o600);
  const secret = (await readFile(place, "utf8")).trim();
  expect(Buffer.from(secret, "base64")).toHaveLength(32);
  expect(made.get("alpha")?.preshared).toBe(keyFingerprint(secret));
  expect(JSON.stringify([...made])).not.toContain(secret);
});

test("a prepared key stays the same, takes the place of the old one, and gives it back", async () => {
  const before = (await store.ensure("demo", [{ provider: "alpha", bundled: false }])).get("alpha")?.bng;
  const next = await store.rotation.prepare("demo", "alpha");
  expect(await store.rotation.prepare("demo", "alpha")).toBe(next);
  const present = async (): Promise<string | undefined> =>
    (await store.publicKeys("demo", ["alpha"])).get("alpha")?.bng;
  expect(await present()).toBe(before);
  await store.rotation.swap("demo", "alpha");
  expect(await present()).toBe(next);
  expect(await store.rotation.next("demo", "alpha")).toBe(before);
  await store.rotation.swap("demo", "alpha");
  expect(await present()).toBe(before);
  await store.rotation.drop("demo", "alpha");
  expect(await names()).toEqual(["alpha.key"]);
});

test("without a prepared key nothing is swapped", async () => {
  await store.ensure("demo", [{ provider: "alpha", bundled: false }]);
  await expect(store.rotation.swap("demo", "alpha")).rejects.toMatchObject({ code: "MHLAB_KEY_MISSING" });
  expect(await names()).toEqual(["alpha.key"]);
});
