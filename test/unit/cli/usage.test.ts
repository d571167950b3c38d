import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { expect, test } from "vitest";
import { parseEndpoint } from "../../../src/adapters/docker/endpoint.ts";
import { noEngine } from "../../../src/adapters/docker/no-engine.ts";
import { commands } from "../../../src/cli/commands/registry.ts";
import { mhlab, temporaryFile } from "./run.ts";
import { TWO_ISPS } from "../support/planned-lab.ts";

const EXAMPLES = join(import.meta.dirname, "../../../examples");
const nowhere = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };

test("help lists every command in its group and says how to start", async () => {
  const { exitCode, stdout, stderr } = await mhlab(["--help"]);
  expect(exitCode).toBe(0);
  expect(stderr).toBe("");
  expect(stdout).toMatchSnapshot();
  for (const { path } of commands) expect(stdout).toContain(path[0]);
});

test("without a command there is help, too", async () => {
  expect((await mhlab([])).stdout).toBe((await mhlab(["--help"])).stdout);
});

test.each(commands.map(({ path }) => path.join(" ")))("%s --help has examples", async (command) => {
  const { exitCode, stdout } = await mhlab([...command.split(" "), "--help"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Examples:\n  mhlab ");
});

test.each([
  [["statsu"], "unknown command 'statsu'", "did you mean status?"],
  [["status", "--jsn"], "unknown option '--jsn'", "did you mean --json?"],
  [["up"], "no lab file was named, and there is no lab.yaml in this folder", "mhlab init"],
  [["validate"], "no lab file was named", "examples/two-isps/lab.yaml"],
  [["export", "compose"], "no lab file was named", "mhlab init"],
  [["peer-config"], "no lab file was named", "mhlab init"],
  [["peer-config", "alpha"], "no lab file was named", "mhlab init"],
  [["provider", "edit", "alpha"], "no lab file was named", "mhlab init"],
  [["help", "up", "down"], "there is no command `mhlab up down`", "all commands: mhlab help"],
  [["help", "statsu"], "there is no command `mhlab statsu`", "did you mean status?"],
  [["marc", "--help"], "unknown command 'marc'", "all commands: mhlab help"],
  [["--no-color", "statsu", "--help"], "unknown command 'statsu'", "did you mean status?"],
  [["sandbox", "strat", "--help"], "unknown command 'strat'", "did you mean start?"],
  [["--sandbox", "--context", "foo", "status"], "--sandbox and --context name two engines", "leave one"],
  [["status", "--sandbox", "-H", "unix:///x"], "--sandbox and --host name two engines", "leave one"],
  [["sandbox", "exec"], "missing required argument 'command'", "see: mhlab sandbox exec --help"],
  [["sandbox"], "`mhlab sandbox` needs a subcommand", "see: mhlab sandbox --help"],
  [["sandbox", "strat"], "unknown command 'strat'", "did you mean start?"],
  [["status", "--format", "xml"], "'xml' is invalid", "see: mhlab status --help"],
  [["up", "lab.yaml", "--timeout", "soon"], "--timeout is 'soon'", "a whole number from 1 to 3600"],
  [
    ["up", join(EXAMPLES, "scenarios/silent-upstream.yaml")],
    "silent-upstream.yaml is a scenario, and no lab file",
    "mhlab run",
  ],
  [
    ["run", join(EXAMPLES, "two-isps/lab.yaml")],
    "two-isps/lab.yaml is a lab file, and no scenario",
    "mhlab up",
  ],
  [["report", "nowhere"], "this is no folder of a run: it has no run.json", "such as one of those in runs/"],
  [["up", "nowhere.yaml"], "cannot read nowhere.yaml: there is no such file", "examples/two-isps/lab.yaml"],
  [
    ["-H", "nonsense", "status"],
    "'nonsense' is not the address of a Docker engine",
    "unix:///var/run/docker.sock",
  ],
])("%j is refused with a hint", async (argv, message, hint) => {
  const { exitCode, stdout, stderr } = await mhlab(argv);
  expect(exitCode).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
  expect(stderr).toContain(hint);
});

test("no engine where a variable or option says: that is named, and docker is not to be installed", async () => {
  for (const argv of [["status"], ["down"], ["logs", "alpha"], ["up", temporaryFile("lab.yaml", TWO_ISPS)]]) {
    const { exitCode, stderr } = await mhlab(argv, nowhere);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("error MHLAB_NO_ENGINE");
    expect(stderr).toContain("at unix:///nonexistent/docker.sock, which DOCKER_HOST names");
    expect(stderr).toContain("unset DOCKER_HOST");
    expect(stderr).not.toContain("apt-get");
    expect(stderr).toContain("mhlab --sandbox up");
  }
  const { stderr } = await mhlab(["--host", "unix:///nonexistent/a.sock", "status"]);
  expect(stderr).toContain("at unix:///nonexistent/a.sock, which --host names");
});

test("no engine where nobody said: how to get one", () => {
  const { hint } = noEngine(parseEndpoint(undefined, {}), Object.assign(new Error("x"), { code: "ENOENT" }));
  expect(hint).toContain("apt-get install docker.io");
  expect(hint).toContain("mhlab --sandbox up");
});

test("help of a command is what its --help prints", async () => {
  for (const words of [[], ["up"], ["keys", "rotate"], ["keys"]]) {
    const { exitCode, stdout } = await mhlab(["help", ...words]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe((await mhlab([...words, "--help"])).stdout);
  }
});

test("the start that help proposes names a lab file that is there, from wherever one is", async () => {
  const path = (text: string): string => /mhlab up (\S+lab\.yaml)/.exec(text)?.[1] ?? "none";
  const { stdout } = await mhlab(["--help"]);
  expect((await mhlab(["validate", path(stdout)])).exitCode).toBe(0);
  const home = process.cwd();
  process.chdir(tmpdir());
  try {
    const elsewhere = path((await mhlab(["--help"])).stdout);
    expect(isAbsolute(elsewhere)).toBe(true);
    expect((await mhlab(["validate", elsewhere])).exitCode).toBe(0);
  } finally {
    process.chdir(home);
  }
});

test("errors are JSON where JSON is asked for", async () => {
  const { exitCode, stdout, stderr } = await mhlab(["status", "--json"], nowhere);
  expect(exitCode).toBe(3);
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "MHLAB_NO_ENGINE" } });
});

test("a sandbox that does not run is explained", async () => {
  const { exitCode, stderr } = await mhlab(["--sandbox", "status"]);
  expect(exitCode).toBe(3);
  expect(stderr).toContain("mhlab sandbox start");
});

test("a lab file's errors all show, with their places", async () => {
  const file = temporaryFile("lab.yaml", TWO_ISPS.replace("2001:db8:b::/48", "2001:db8:a::/49"));
  const { exitCode, stderr } = await mhlab(["validate", file]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("MHLAB_LAB_PREFIX_OVERLAP");
  expect(stderr).toMatch(/lab\.yaml:\d+:\d+/);
  const { stdout } = await mhlab(["validate", file, "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { diagnostics: [{ code: "MHLAB_LAB_PREFIX_OVERLAP" }] },
  });
});

test("global options are taken before and after the command", async () => {
  for (const argv of [
    ["--host", "unix:///nonexistent/a.sock", "status"],
    ["status", "--host", "unix:///nonexistent/a.sock"],
  ]) {
    expect((await mhlab(argv)).stderr).toContain("unix:///nonexistent/a.sock");
  }
});
