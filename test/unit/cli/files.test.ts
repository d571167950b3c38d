import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { TWO_ISPS } from "../support/planned-lab.ts";
import { FakeDaemon } from "../support/fake-daemon.ts";
import { mhlab, temporaryFile, type Ran } from "./run.ts";

const NOBODY = 65_534;
const folder = (): string => mkdtempSync(join(tmpdir(), "mhlab-files-"));
const lab = temporaryFile("lab.yaml", TWO_ISPS);
const REAL = `name: real
providers:
  - name: alpha
    prefix: 2001:db8:a::/48
    wireguard: {endpoint: "192.0.2.42:51820", peer: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=, address: 2001:db8:0:a::2/64}
    subscriber: {interface: enp2s0}
`;
const real = temporaryFile("lab.yaml", REAL);

let daemon: FakeDaemon | undefined;
afterEach(async () => {
  await daemon?.close();
  daemon = undefined;
});

/** Runs as a user who is not root: modes mean nothing to root. */
async function asNobody(act: () => Promise<Ran>): Promise<Ran> {
  if (process.geteuid?.() !== 0) return await act();
  process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}

/** Opens the folders above a file to everybody. */
function letIn(file: string): void {
  for (let above = dirname(file); above.startsWith(tmpdir()); above = dirname(above)) chmodSync(above, 0o755);
}

function closedFolder(): string {
  const closed = join(folder(), "mhlab");
  mkdirSync(join(closed, "labs", "real", "keys"), { recursive: true });
  mkdirSync(join(closed, "labs", "two-isps", "keys"), { recursive: true });
  writeFileSync(join(closed, "labs", "two-isps", "keys", "alpha.key"), "x", { mode: 0o600 });
  chmodSync(closed, 0o700);
  if (process.geteuid?.() !== 0) chmodSync(closed, 0o000);
  return closed;
}

/** A folder in which nothing can be made, without being root's. */
const PROC = "/proc/x";

test.each([
  ["up", [lab]],
  ["down", [lab]],
  ["keys show", [lab]],
  ["keys show", []],
  ["peer-config", [real]],
  ["export compose", [lab, "-o", "/nonexistent/out"]],
])("%s %j with a state folder of root says how to get it back", async (command, words) => {
  daemon = await new FakeDaemon().listen();
  const state = closedFolder();
  chmodSync(daemon.socket, 0o777);
  for (const file of [lab, real, state, daemon.socket]) letIn(file);
  const env = { DOCKER_HOST: `unix://${daemon.socket}`, MHLAB_STATE_DIR: state };
  const { exitCode, stderr } = await asNobody(() => mhlab([...command.split(" "), ...words], env));
  expect(stderr).toMatch(/error MHLAB_(STATE_FOLDER|KEY_UNREADABLE) /);
  expect(stderr).toContain("its mode does not let you");
  expect(stderr).toMatch(new RegExp(`sudo chown -R \\S+ ${state}`));
  expect(exitCode).toBe(1);
});

test.each([
  ["a file", () => temporaryFile("state", "")],
  ["/proc/x", () => PROC],
])("a state folder that is %s is an error, at once", async (_, state) => {
  const { exitCode, stderr } = await mhlab(["keys", "show", lab], { MHLAB_STATE_DIR: state() });
  expect(stderr).toContain("error MHLAB_STATE_FOLDER ");
  expect(exitCode).toBe(1);
});

const inAFile = (): string => join(temporaryFile("plain", ""), "below");

test.each([
  ["export compose to /proc/x", ["export", "compose", lab, "-o", PROC], "MHLAB_EXPORT"],
  ["export compose below a file", ["export", "compose", lab, "-o", inAFile()], "MHLAB_EXPORT"],
  ["export compose to a file", ["export", "compose", lab, "-o", temporaryFile("plain", "")], "MHLAB_EXPORT"],
  [
    "export over a folder where a file belongs",
    ["export", "compose", lab, "--force", "-o", withFolder("compose.yaml")],
    "MHLAB_EXPORT",
  ],
  ["init to /proc/x.yaml", [...init(), "/proc/x.yaml"], "MHLAB_FILE_UNWRITABLE"],
  ["init below a file", [...init(), `${inAFile()}.yaml`], "MHLAB_FILE_UNWRITABLE"],
  ["init in a folder that is not there", [...init(), "/nonexistent/x.yaml"], "MHLAB_FILE_UNWRITABLE"],
  ["validate a folder", ["validate", folder()], "MHLAB_LAB_UNREADABLE"],
  ["validate below a file", ["validate", inAFile()], "MHLAB_LAB_UNREADABLE"],
  ["validate a long name", ["validate", `${"x".repeat(300)}.yaml`], "MHLAB_LAB_UNREADABLE"],
  ["up of a folder", ["up", folder()], "MHLAB_LAB_UNREADABLE"],
  ["peer-config of a folder", ["peer-config", `${folder()}/`], "MHLAB_LAB_UNREADABLE"],
  ["keys show of a folder", ["keys", "show", `${folder()}/`], "MHLAB_LAB_UNREADABLE"],
  ["doctor of a folder", ["doctor", folder()], "MHLAB_LAB_UNREADABLE"],
  ["provider add to a folder", ["provider", "add", `${folder()}/`, "--yes"], "MHLAB_LAB_UNREADABLE"],
  ["export of a folder", ["export", "docker-run", `${folder()}/`], "MHLAB_LAB_UNREADABLE"],
  ["down of a folder", ["down", `${folder()}/`], "MHLAB_LAB_UNREADABLE"],
])("%s is an error that says why", async (_, argv, code) => {
  const { stderr } = await mhlab(argv);
  expect(stderr).toContain(`error ${code} `);
  expect(stderr).toContain("hint: ");
});

function withFolder(name: string): string {
  const target = folder();
  mkdirSync(join(target, name));
  return target;
}

function init(): string[] {
  return ["init", "--yes"];
}

test("a lab file that is not ours to read is an error", async () => {
  const file = temporaryFile("lab.yaml", TWO_ISPS);
  chmodSync(file, 0o000);
  letIn(file);
  const { exitCode, stderr } = await asNobody(() => mhlab(["validate", file]));
  expect(stderr).toContain(`cannot read ${file}: its mode does not let you`);
  expect(exitCode).toBe(2);
});

const MERGED = `name: two
internet: bundled
cpes: [{name: home}]
providers:
  - &base
    name: alpha
    prefix: 2001:db8:a::/48
    delegation: &times {preferred: 10m, valid: 1h}
  - name: beta
    prefix: 2001:db8:b::/48
    delegation: *times
`;

test.each([
  ["uses", MERGED],
  ["merges", MERGED.replace("delegation: *times", "<<: *base")],
])("removing a provider whose anchor another %s is refused, and the file stays", async (_, text) => {
  const file = temporaryFile("lab.yaml", text);
  const { exitCode, stderr } = await mhlab(["provider", "remove", file, "alpha", "--yes"]);
  expect(stderr).toContain("error MHLAB_EDIT_REFUSED ");
  expect(stderr).toContain("anchors");
  expect(exitCode).toBe(1);
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("an export that fails has made no folder", async () => {
  await mhlab(["export", "compose", lab, "-o", "/proc/x"]);
  expect(existsSync("/proc/x")).toBe(false);
});
