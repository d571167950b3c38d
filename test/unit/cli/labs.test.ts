/** Which lab a command is about: files, names, the folder that one is in, and what is lost by none of them. */
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { imagesToBuild } from "../../../src/adapters/docker/context.ts";
import { Label } from "../../../src/core/model/names.ts";
import { visibleWidth } from "../../../src/cli/views/width.ts";
import { FakeDaemon } from "../support/fake-daemon.ts";
import { TWO_ISPS } from "../support/planned-lab.ts";
import { readyAgent } from "./agents.ts";
import { mhlab, temporaryFile, type Ran } from "./run.ts";

const IMAGES = fileURLToPath(new URL("../../../images", import.meta.url));
const MINUTE = 60;
const REAL = `name: real
providers:
  - name: alpha
    prefix: 2001:db8:a::/48
    wireguard: {endpoint: "192.0.2.42:51820", peer: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=, address: 2001:db8:0:a::2/64}
cpes: [{name: home}]
`;
let daemon: FakeDaemon;
let state: string;
const home = process.cwd();

beforeEach(async () => {
  daemon = await new FakeDaemon().listen();
  daemon.images = Object.values(await imagesToBuild(IMAGES)).map(({ reference }) => reference);
  daemon.agent = readyAgent;
  state = mkdtempSync(join(tmpdir(), "mhlab-state-"));
});
afterEach(async () => {
  process.chdir(home);
  await daemon.close();
});

const here = (...argv: string[]): Promise<Ran> =>
  mhlab(argv, { DOCKER_HOST: `unix://${daemon.socket}`, MHLAB_STATE_DIR: state });

/** A container as an earlier `up` left it. */
function running(lab: string, name: string, { file = `/labs/${lab}.yaml`, ageS = 0, up = true } = {}): void {
  const labels = { [Label.lab]: lab, [Label.name]: name, [Label.role]: "bng", [Label.labFile]: file };
  const created = Math.floor(Date.now() / 1000) - ageS;
  const container = `mhlab-${lab}-${name}`;
  daemon.containers.set(container, {
    name: container,
    image: "x",
    state: up ? "running" : "exited",
    labels,
    restarts: 0,
    created,
  });
}

/** Goes into a new folder that has a lab.yaml of this text, or none. */
function into(text?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "mhlab-here-"));
  if (text !== undefined) writeFileSync(join(folder, "lab.yaml"), text);
  process.chdir(folder);
  return process.cwd();
}

async function keysOf(name: string): Promise<void> {
  await here("keys", "show", temporaryFile("lab.yaml", TWO_ISPS.replace("two-isps", name)));
}

test("-v tells each request to the engine with its duration, on standard error; otherwise none is told", async () => {
  running("one", "alpha");
  const quiet = await here("ls", "--json");
  const { stdout, stderr } = await here("ls", "--json", "-v");
  expect(stderr).toMatch(/^engine: GET \/containers\/json 200 after \d+ ms\n$/);
  expect([stdout, quiet.stderr]).toEqual([quiet.stdout, ""]);
  const down = await here("down", "-v");
  expect(down.stderr).toMatch(/^engine: DELETE \/containers\/mhlab-one-alpha 204 after \d+ ms$/m);
});

test("ls: what runs, what has stopped, of what there are keys only, from which file and since when", async () => {
  running("desk", "alpha", { file: "/labs/old.yaml", ageS: 3 * 60 * MINUTE });
  running("desk", "beta", { file: "/labs/desk.yaml", ageS: 2 * MINUTE });
  running("half", "alpha", { up: false, ageS: 26 * 60 * MINUTE });
  running("half", "beta", { ageS: 40 });
  running("dead", "alpha", { up: false });
  await keysOf("shelf");
  const { exitCode, stdout } = await here("ls");
  expect(exitCode).toBe(0);
  expect(stdout.split("\n")).toEqual([
    expect.stringMatching(/^LAB +STATE +MADE +FROM$/),
    expect.stringMatching(/^dead +stopped +just now +\/labs\/dead.yaml$/),
    expect.stringMatching(/^desk +running +3 h ago +\/labs\/desk.yaml$/),
    expect.stringMatching(/^half +1 of 2 run +1 d ago +\/labs\/half.yaml$/),
    expect.stringMatching(/^shelf +keys only +- +-$/),
    "",
  ]);
  const { labs } = JSON.parse((await here("ls", "--json")).stdout) as { labs: object[] };
  expect(labs[1]).toEqual({
    lab: "desk",
    state: "running",
    file: "/labs/desk.yaml",
    since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    containers: 2,
    running: 2,
    keys: false,
  });
  expect(labs[3]).toMatchObject({ lab: "shelf", state: "keys", file: null, since: null, keys: true });
});

test("status without a lab is fine: there is none", async () => {
  const { exitCode, stdout } = await here("status");
  expect([exitCode, stdout]).toEqual([0, "no lab is running on this engine\n"]);
  expect(JSON.parse((await here("status", "--json")).stdout)).toEqual({
    at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    labs: [],
  });
});

test("status of several labs takes that of this folder, whatever else lies here", async () => {
  running("desk", "alpha");
  running("two-isps", "alpha");
  into(TWO_ISPS);
  expect(JSON.parse((await here("status", "--json")).stdout)).toMatchObject({ lab: "two-isps" });
  into("no: lab");
  expect(JSON.parse((await here("status", "--json")).stdout)).toMatchObject({ labs: [{}, {}] });
});

test("of several labs, down and commands about a node take that of this folder first", async () => {
  running("desk", "alpha");
  running("desk", "gamma");
  running("two-isps", "alpha");
  expect((await here("stop", "alpha")).stderr).toContain("'alpha' is in several labs: desk, two-isps");
  expect((await here("down")).stderr).toContain("which lab? several are running");
  into(TWO_ISPS);
  expect((await here("stop", "alpha", "--json")).stdout).toContain('"lab": "two-isps"');
  // One that this folder's lab has not is looked for in all.
  expect((await here("stop", "gamma", "--json")).stdout).toContain('"lab": "desk"');
  expect((await here("down")).stdout).toContain("two-isps: removed");
  expect([...daemon.containers.keys()].sort()).toEqual(["mhlab-desk-alpha", "mhlab-desk-gamma"]);
});

test("a dashboard is refused for a lab that nobody knows", async () => {
  running("desk", "alpha");
  await keysOf("shelf");
  const { exitCode, stdout, stderr } = await here("dashboard", "nosuchlab", "--port", "0");
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("there is no lab 'nosuchlab'");
  expect(stderr).toContain("there are: desk, shelf");
  expect((await here("dashboard", "dask")).stderr).toContain("did you mean desk?");
});

test("down of a lab that nobody knows says so, and makes nothing", async () => {
  running("desk", "alpha");
  await keysOf("shelf");
  for (const name of ["nolab", "../../elsewhere"]) {
    const { exitCode, stderr } = await here("down", "--name", name, "--purge");
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`there is no lab '${name}'`)]);
    expect(stderr).toContain("there are: desk, shelf");
  }
  expect((await here("down", "dask")).stderr).toContain("did you mean desk?");
  expect(readdirSync(join(state, "labs"))).toEqual(["shelf"]);
  expect((await here("down", "shelf")).stdout).toContain("nothing was running; keys kept");
});

test("down of a file whose lab is not there is fine, and makes nothing", async () => {
  const { exitCode, stdout } = await here("down", temporaryFile("lab.yaml", TWO_ISPS));
  expect([exitCode, stdout]).toEqual([0, "two-isps: nothing was running; keys kept\n"]);
  expect(readdirSync(state)).toEqual([]);
});

test("down --all --purge names labs with nothing but keys, and takes those only when told", async () => {
  const keys = (lab: string): boolean => existsSync(join(state, "labs", lab, "keys"));
  running("desk", "alpha");
  for (const lab of ["desk", "shelf", "attic"]) await keysOf(lab);
  const asked = await here("down", "--all", "--purge");
  expect(asked.exitCode).toBe(0);
  expect(asked.stderr).toContain("with keys, but not on this engine: attic, shelf");
  expect(asked.stderr).toContain("--yes removes them too");
  expect(["desk", "shelf", "attic"].map(keys)).toEqual([false, true, true]);
  const told = await here("down", "--all", "--purge", "--yes");
  expect(told.stderr).toContain("attic, shelf");
  expect(told.exitCode).toBe(0);
  expect(["shelf", "attic"].map(keys)).toEqual([false, false]);
});

test("another file with the name of a running lab is refused without --replace, and said with it", async () => {
  const first = temporaryFile("lab.yaml", TWO_ISPS);
  const other = temporaryFile("lab.yaml", TWO_ISPS.replace("2001:db8:b::/48", "2001:db8:c::/48"));
  await here("up", first, "--timeout", "1");
  const before = daemon.requests.length;
  const refused = await here("up", other, "--timeout", "1");
  expect(refused.exitCode).toBe(4);
  expect(refused.stderr).toContain(`error MHLAB_OTHER_FILE  the lab 'two-isps' was started from ${first}`);
  expect(refused.stderr).toContain("would update beta: prefix: 2001:db8:b::/48 → 2001:db8:c::/48");
  expect(daemon.requests.slice(before).filter((line) => /create|DELETE|PUT/.test(line))).toEqual([]);
  const dry = await here("up", other, "--dry-run");
  expect([dry.exitCode, dry.stderr]).toEqual([0, expect.stringContaining(`was started from ${first}`)]);
  const replaced = await here("up", other, "--timeout", "1", "--replace", "--json");
  const message = `the lab 'two-isps' was started from ${first}`;
  expect(JSON.parse(replaced.stdout)).toMatchObject({
    warnings: [],
    notices: [{ code: "other-file", message }],
  });
  expect(replaced.stderr).toContain(`the lab 'two-isps' was started from ${first}`);
  expect(replaced.stderr).not.toContain("MHLAB_OTHER_FILE");
  expect(daemon.requests.slice(before)).toContain("PUT /containers/mhlab-two-isps-beta/archive");
});

test("one file by several ways is one file, and a copy that changes nothing is welcome", async () => {
  const folder = into(REAL);
  await here("up", "--timeout", "1");
  const labels = [...daemon.containers.values()].map((one) => one.labels[Label.labFile]);
  expect(new Set(labels)).toEqual(new Set([join(folder, "lab.yaml")]));
  for (const one of ["lab.yaml", "./lab.yaml", join(folder, "lab.yaml")]) {
    expect((await here("up", one, "--timeout", "1")).stderr).not.toContain("started from");
  }
  process.chdir(tmpdir());
  const way = relative(process.cwd(), join(folder, "lab.yaml"));
  expect((await here("up", way, "--timeout", "1")).stderr).not.toContain("started from");
  const copy = await here("up", temporaryFile("lab.yaml", REAL), "--timeout", "1");
  expect(copy.stderr).toContain(`the lab 'real' was started from ${join(folder, "lab.yaml")}`);
  expect(copy.stderr).not.toContain("MHLAB_OTHER_FILE");
});

test("labs of older versions, which noted the path as it was typed, are nobody else's", async () => {
  running("two-isps", "alpha", { file: "lab.yaml" });
  const { stderr } = await here("up", temporaryFile("lab.yaml", TWO_ISPS), "--timeout", "1");
  expect(stderr).not.toContain("started from");
});

test("commands take the lab.yaml of this folder when none is named", async () => {
  into(TWO_ISPS);
  expect((await here("validate")).stdout).toContain("lab.yaml is right: lab 'two-isps'");
  expect((await here("up", "--dry-run", "--json")).exitCode).toBe(0);
  expect((await here("keys", "show", "beta", "--json")).stdout).toContain('"lab": "two-isps"');
  expect((await here("export", "docker-run", "-o", "out")).exitCode).toBe(0);
  expect((await here("peer-config")).stderr).toContain("MHLAB_FAR_SIDE_BUNDLED");
  expect((await here("provider", "edit", "alpha", "--preferred", "10m", "--yes")).stdout).toContain(
    "wrote lab.yaml",
  );
  expect((await here("provider", "remove", "beta", "--yes", "--dry-run")).exitCode).toBe(0);
});

test("validate takes several files, tells of each, and fails when one is wrong", async () => {
  const [good, bad] = [temporaryFile("lab.yaml", TWO_ISPS), temporaryFile("lab.yaml", "name: x")];
  const both = await here("validate", good, bad, "/nonexistent/lab.yaml");
  expect(both.exitCode).toBe(2);
  expect(both.stdout).toBe(
    `${good} is right: lab 'two-isps' with 2 providers, 1 bundled CPE, bundled internet\n`,
  );
  expect(both.stderr).toContain("MHLAB_LAB_INVALID");
  expect(both.stderr).toContain("cannot read /nonexistent/lab.yaml");
  const json = JSON.parse((await here("validate", good, bad, "--json")).stdout) as object;
  expect(json).toMatchObject({
    valid: false,
    files: [
      { file: good, valid: true, lab: "two-isps" },
      { file: bad, valid: false, error: { code: "MHLAB_LAB_INVALID" } },
    ],
  });
  expect((await here("validate", good, good)).exitCode).toBe(0);
});

test("down and validate keep to the screen, and are a line each for whoever reads no screen", async () => {
  const names = Array.from({ length: 12 }, (_, index) => `provider-${index + 10}`);
  for (const name of names) running("a-lab-of-many", name);
  const env = { DOCKER_HOST: `unix://${daemon.socket}`, MHLAB_STATE_DIR: state, NO_COLOR: "1" };
  const onScreen = async (...argv: string[]): Promise<string> =>
    (await mhlab(argv, env, undefined, { isTTY: true, columns: 80 })).stdout;
  const file = temporaryFile("a-lab-file-with-a-long-name.yaml", TWO_ISPS);
  for (const text of [await onScreen("validate", file), await onScreen("validate", file, file)])
    expect(Math.max(...text.split("\n").map(visibleWidth))).toBeLessThanOrEqual(80);
  expect((await here("validate", file)).stdout.trimEnd()).not.toContain("\n");
  const text = await onScreen("down", "a-lab-of-many");
  expect(Math.max(...text.split("\n").map(visibleWidth))).toBeLessThanOrEqual(80);
  expect(text.replaceAll(/\s+/g, " ")).toBe(`a-lab-of-many: removed ${names.join(", ")}; keys kept `);
});

test("status --watch without a name shows all that run, and labs come and go in it", async () => {
  into();
  running("desk", "alpha");
  running("shelf", "beta");
  const seen: string[] = [];
  const stop = new AbortController();
  const env = { DOCKER_HOST: `unix://${daemon.socket}`, MHLAB_STATE_DIR: state };
  const onOutput = (all: string): void => {
    const labs = all
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { labs: { lab: string }[] }).labs.map(({ lab }) => lab).join(" "));
    for (const line of labs.filter((one) => !seen.includes(one))) {
      seen.push(line);
      if (seen.length === 1) running("attic", "gamma");
      if (seen.length === 2) daemon.containers.clear();
      if (seen.length === 3) stop.abort();
    }
  };
  const ran = await mhlab(["status", "--watch", "3600", "--json"], env, stop.signal, { onOutput });
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  expect(seen).toEqual(["desk shelf", "attic desk shelf", ""]);
});

test("status --watch of several labs takes that of this folder", async () => {
  into(TWO_ISPS);
  running("two-isps", "alpha");
  running("shelf", "beta");
  const stop = new AbortController();
  const env = { DOCKER_HOST: `unix://${daemon.socket}`, MHLAB_STATE_DIR: state };
  const screen = { onOutput: () => stop.abort() };
  const { stdout } = await mhlab(["status", "--watch", "--json"], env, stop.signal, screen);
  expect(JSON.parse(stdout.split("\n")[0] ?? "")).toMatchObject({ lab: "two-isps" });
});
