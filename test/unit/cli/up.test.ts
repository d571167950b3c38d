import { mkdtempSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { extract } from "tar-stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { imagesToBuild } from "../../../src/adapters/docker/context.ts";
import { Label } from "../../../src/core/model/names.ts";
import { FakeDaemon, type FakeContainer } from "../support/fake-daemon.ts";
import { TWO_ISPS } from "../support/planned-lab.ts";
import { readyAgent } from "./agents.ts";
import { mhlab, temporaryFile, type Ran } from "./run.ts";

const IMAGES = fileURLToPath(new URL("../../../images", import.meta.url));
let daemon: FakeDaemon;
let state: string;
const file = temporaryFile("lab.yaml", TWO_ISPS);

beforeEach(async () => {
  daemon = await new FakeDaemon().listen();
  daemon.images = Object.values(await imagesToBuild(IMAGES)).map(({ reference }) => reference);
  daemon.agent = readyAgent;
  state = mkdtempSync(join(tmpdir(), "mhlab-state-"));
});
afterEach(() => daemon.close());

const here = (...argv: string[]): Promise<Ran> =>
  mhlab(argv, { DOCKER_HOST: `unix://${daemon.socket}`, MHLAB_STATE_DIR: state });
const changes = (): string[] =>
  daemon.requests.filter((line) => /create|start$|DELETE|archive$|stop$/.test(line));

test("up creates and starts everything, and a dry run before it nothing", async () => {
  const dry = await here("up", file, "--dry-run");
  expect(dry.stdout).toMatchSnapshot();
  expect(changes()).toEqual([]);
  expect(await readdir(state)).toEqual([]);

  const { exitCode, stdout, stderr } = await here("up", file);
  expect(stderr).toContain("Try next:");
  expect(exitCode).toBe(0);
  expect(stdout).toContain("two-isps  healthy");
  expect([...daemon.containers.values()].map(({ name, state: now }) => `${name} ${now}`).sort()).toEqual(
    ["alpha", "beta", "home", "home-host1", "internet"].map((name) => `mhlab-two-isps-${name} running`),
  );
});

test("--check makes a dry run tell by its exit code whether something would be done", async () => {
  expect((await here("up", file, "--dry-run")).exitCode).toBe(0);
  expect((await here("up", file, "--dry-run", "--check", "--json")).exitCode).toBe(4);
  const alone = await here("up", file, "--check");
  expect([alone.exitCode, alone.stderr]).toEqual([2, expect.stringContaining("goes with --dry-run")]);
  expect(changes()).toEqual([]);
});

test("no private key reaches the engine but inside the archives of key files", async () => {
  await here("up", file);
  const keys = join(state, "labs", "two-isps", "keys");
  const names = await readdir(keys);
  expect(names).toHaveLength(4);
  for (const name of names) {
    const key = (await readFile(join(keys, name), "utf8")).trim();
    expect(daemon.bodies.some((body) => body.includes(key))).toBe(false);
  }
});

test("a BNG finds its key in a file that only root can read", async () => {
  await here("up", file);
  const archive = extract();
  archive.end(daemon.archives.get("mhlab-two-isps-alpha"));
  const entries: string[] = [];
  for await (const entry of archive) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece as Buffer);
    entries.push(
      `${entry.header.name} ${entry.header.mode?.toString(8)} ${Buffer.concat(pieces).toString()}`,
    );
  }
  const key = await readFile(join(state, "labs", "two-isps", "keys", "alpha.key"), "utf8");
  expect(entries.map((entry) => entry.replace(/\/ /, " "))).toEqual([
    expect.stringMatching(/^provider\.yaml 644 name: alpha\n/),
    "keys 700 ",
    `keys/private.key 600 ${key}`,
  ]);
});

test("an engine that mounts no file of a volume gets customers with a writable root, and everybody else as ever", async () => {
  daemon.apiVersion = "1.44";
  await here("up", file);
  const hostConfigOf = (name: string): FakeContainer["hostConfig"] =>
    daemon.containers.get(`mhlab-two-isps-${name}`)?.hostConfig;
  expect(hostConfigOf("home-host1")).toMatchObject({
    ReadonlyRootfs: false,
    Mounts: [{ Target: "/run/mhlab-lab" }, { Target: "/etc/mhlab" }],
  });
  expect(hostConfigOf("alpha")).toMatchObject({ ReadonlyRootfs: true });
});

test("down removes what up made and keeps the keys; again it is fine", async () => {
  await here("up", file);
  const { exitCode, stdout } = await here("down", file);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("keys kept");
  expect(daemon.containers.size).toBe(0);
  expect(await readdir(join(state, "labs", "two-isps", "keys"))).toHaveLength(4);
  expect((await here("down")).exitCode).toBe(0);
  expect((await here("down", file, "--purge")).stdout).toContain("4 key files removed");
});

test("a container that does not stay up fails up at once with its last lines", async () => {
  daemon.log = "SUBSCRIBER_INTERFACE is not set\n";
  const good = daemon.agent;
  daemon.agent = (container, argv) => {
    return container.labels[Label.name] === "alpha" ? "" : good(container, argv);
  };
  daemon.onRequest = (line) => {
    const alpha = daemon.containers.get("mhlab-two-isps-alpha");
    if (alpha !== undefined && line.endsWith("/mhlab-two-isps-alpha/json")) alpha.restarts += 1;
    return false;
  };
  const { exitCode, stderr } = await here("up", file);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("error MHLAB_CONTAINER_ENDED  alpha does not stay up");
  expect(stderr).toContain("│ SUBSCRIBER_INTERFACE is not set");
  expect(stderr).toContain("Running, and left so:");
});

test("what is not ready in time is named with what it waits for", async () => {
  const good = daemon.agent;
  daemon.agent = (container, argv) =>
    container.labels[Label.name] === "beta"
      ? good(container, argv)
          .replace('"ready":true', '"ready":false')
          .replace('"problems":[]', '"problems":[{"code":"no-ra","message":"no RA yet"}]')
      : good(container, argv);
  const { exitCode, stderr } = await here("up", file, "--timeout", "1");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("error MHLAB_NOT_READY  not ready after 1 s: beta");
  expect(stderr).toContain("│ beta: no RA yet");
  expect((await here("status")).exitCode).toBe(5);
});

test("an engine that goes away during up is a clear error, and the next up completes", async () => {
  daemon.onRequest = (line) => line.endsWith("beta/start");
  const lost = await here("up", file);
  expect(lost.exitCode).toBe(1);
  expect(lost.stderr).toContain("error MHLAB_ENGINE_LOST");
  daemon.onRequest = () => false;
  expect((await here("up", file)).exitCode).toBe(0);
});

test("an interrupt removes what this run created and nothing else", async () => {
  const interrupt = new AbortController();
  daemon.containers.set("other", { name: "other", image: "x", state: "running", labels: {}, restarts: 0 });
  daemon.agent = () => {
    interrupt.abort();
    return "";
  };
  const env = { DOCKER_HOST: `unix://${daemon.socket}`, MHLAB_STATE_DIR: state };
  const { exitCode, stderr } = await mhlab(["up", file], env, interrupt.signal);
  expect(exitCode).toBe(130);
  expect(stderr).toContain("Removed what this run had created: ");
  expect([...daemon.containers.keys()]).toEqual(["other"]);
});

test("several labs: status without a name shows each in a line, other commands say which there are", async () => {
  await here("up", file);
  await here("up", temporaryFile("lab.yaml", TWO_ISPS.replace("two-isps", "second")));
  const { exitCode, stdout } = await here("status");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^second +healthy +2 providers, 1 CPE, 1 host$/m);
  expect(stdout).toMatch(/^two-isps +healthy +2 providers, 1 CPE, 1 host$/m);
  const { labs } = JSON.parse((await here("status", "--json")).stdout) as { labs: { lab: string }[] };
  expect(labs.map(({ lab }) => lab)).toEqual(["second", "two-isps"]);
  const down = await here("down");
  expect([down.exitCode, down.stderr]).toEqual([2, expect.stringContaining("second, two-isps")]);
  expect((await here("status", "second", "--json")).exitCode).toBe(0);
  expect((await here("logs", "alpha")).exitCode).toBe(2);
});

test("an engine that cannot ask an agent is quoted, not waited for in silence", async () => {
  const complaint = 'OCI runtime exec failed: exec: "agent": executable file not found in $PATH';
  daemon.agent = () => `${complaint}\n`;
  const { exitCode, stderr } = await here("up", file, "--timeout", "1");
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`its agent cannot be asked: ${complaint}`);
});
