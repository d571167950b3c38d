/** Which network a container's name means, from what the engine wrote down. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { containerNetwork } from "../../../../src/agent/bng/engine-records.ts";

let records: string;
beforeEach(() => void (records = mkdtempSync(join(tmpdir(), "mhlab-records-"))));
afterEach(() => rmSync(records, { recursive: true }));

function record(id: string, content: string): void {
  mkdirSync(join(records, id));
  writeFileSync(join(records, id, "config.v2.json"), content);
}

const written = (name: string, running: boolean, SandboxKey: string): string =>
  JSON.stringify({ Name: `/${name}`, State: { Running: running }, NetworkSettings: { SandboxKey } });

const networkOf = (name: string): Promise<string | undefined> => containerNetwork(name, records, "/seen");

test("a container that runs has one; the folder is the keeper's own, whatever the engine calls it", async () => {
  record("1", written("other", true, "/var/run/docker/netns/aaaa"));
  record("2", written("openwrt", true, "/var/run/docker/netns/bbbb"));
  expect(await networkOf("openwrt")).toBe("/seen/bbbb");
  expect(await networkOf("open")).toBeUndefined();
});

test("one that stopped, or that shares another one's, has none", async () => {
  record("1", written("stopped", false, "/var/run/docker/netns/aaaa"));
  record("2", written("sidecar", true, ""));
  expect(await networkOf("stopped")).toBeUndefined();
  expect(await networkOf("sidecar")).toBeUndefined();
});

test("a record that is half written, or gone, hides no other", async () => {
  record("1", '{"Name":"/openwr');
  mkdirSync(join(records, "2"));
  record("3", "null");
  record("4", written("openwrt", true, "/run/docker/netns/bbbb"));
  expect(await networkOf("openwrt")).toBe("/seen/bbbb");
});
