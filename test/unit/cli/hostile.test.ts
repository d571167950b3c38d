/** Names and text that an engine or a command line brings along. */
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Label } from "../../../src/core/model/names.ts";
import { FakeDaemon } from "../support/fake-daemon.ts";
import { mhlab, type Ran } from "./run.ts";

let daemon: FakeDaemon;
let place: string;
beforeEach(async () => {
  daemon = await new FakeDaemon().listen();
  place = mkdtempSync(join(tmpdir(), "mhlab-hostile-"));
  mkdirSync(join(place, "victim/keys"), { recursive: true });
  writeFileSync(join(place, "victim/keys/precious"), "1");
});
afterEach(() => daemon.close());
const here = (...argv: string[]): Promise<Ran> =>
  mhlab(argv, { DOCKER_HOST: `unix://${daemon.socket}`, MHLAB_STATE_DIR: join(place, "state") });
const add = (lab: string, name: string): void => {
  const labels = { [Label.lab]: lab, [Label.name]: name, [Label.role]: "bng" };
  daemon.containers.set(`c${daemon.containers.size}`, {
    name: `c${daemon.containers.size}`,
    image: "i",
    state: "exited",
    labels,
    restarts: 0,
  });
};
const victim = (): string[] => readdirSync(join(place, "victim"), { recursive: true, encoding: "utf8" });
const UNTOUCHED = ["keys", "keys/precious"];

test.each([
  ["down", "--name", "../../victim", "--purge"],
  ["down", "../../victim", "--purge"],
  ["keys", "show", "--name", "../../victim"],
  ["down", "--name", "", "--purge"],
  ["down", "--name", ".", "--purge"],
])("%s %s %s leaves what is outside the state folder alone", async (...argv) => {
  mkdirSync(join(place, "state/labs"), { recursive: true });
  const { exitCode, stderr } = await here(...argv);
  expect(stderr).toMatch(/error MHLAB_(USAGE|LAB_UNREADABLE)/);
  expect(exitCode).toBe(2);
  expect(victim()).toEqual(UNTOUCHED);
});

test("a name that an engine's label makes up is none", async () => {
  mkdirSync(join(place, "state/labs"), { recursive: true });
  add("../../victim", "alpha");
  add("demo", "../../alpha");
  add("\u001b[2Jdemo", "alpha");
  add("demo", "alpha");
  const { exitCode, stdout, stderr } = await here("down", "--all", "--purge");
  expect([exitCode, stdout]).toEqual([0, "demo: removed alpha; 0 key files removed\n"]);
  expect(stderr).not.toContain("victim");
  expect(victim()).toEqual(UNTOUCHED);
});

test("a log moves no cursor", async () => {
  add("demo", "alpha");
  daemon.log = "one\u001b[2J\u001b]0;title\u0007\ttwo\u009b31m\r\nthree\n";
  expect(await here("logs", "alpha")).toMatchObject({ exitCode: 0, stdout: "one    two\nthree\n" });
});
