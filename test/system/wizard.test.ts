/** The guided way in, by keys typed at a real terminal. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseLab } from "../../src/core/model/lab/parse.ts";
import { docker, mhlab, paths, PROJECT, useSandbox } from "./support/sandbox.ts";
import { Key, openTerminal, type Terminal, type TerminalSize } from "./support/terminal.ts";

useSandbox();

const BIN = join(PROJECT, "bin/mhlab.js");
const NO_ENGINE = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
let folder: string;
let terminal: Terminal | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mhlab-wizard-"));
});
afterEach(() => {
  terminal?.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(
  args: readonly string[],
  env: Record<string, string> = NO_ENGINE,
  size?: TerminalSize,
): Terminal {
  terminal = openTerminal([process.execPath, BIN, ...args], {
    cwd: folder,
    env: { MHLAB_STATE_DIR: join(folder, "state"), ...env },
    ...(size === undefined ? {} : { size }),
  });
  return terminal;
}

/** Waits for a question and answers it. */
async function answer(question: string | RegExp, keys: string = Key.enter): Promise<string> {
  const shown = (await terminal?.see(question)) ?? "";
  terminal?.type(keys);
  return shown;
}

test("init: two providers with servers of their own, typed key by key", async () => {
  const at = start(["init"]);
  await at.see("A lab in a few questions.");
  await answer("? Name of the lab:", `desk${Key.enter}`);
  await answer("? The internet behind the providers:", Key.down + Key.enter);
  await answer("? The customer of the providers:", Key.down + Key.enter);
  await at.see("Provider 1");
  await answer("? Name: (alpha)");
  // Only the user knows the prefix of a server.
  await answer("? Prefix:", `2001:db8:a::${Key.enter}`);
  await answer("has no length: a prefix ends with its length: 2001:db8:a::/48", `/48${Key.enter}`);
  await answer("? Endpoint:", `192.0.2.42${Key.enter}`);
  // A wrong answer is explained, and can be corrected in place.
  await answer("'192.0.2.42' has no port", `:51820${Key.enter}`);
  await answer("? Public key:", `PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=${Key.enter}`);
  await at.see("✔ Public key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=");
  await answer(/\? Tunnel address: \(fd[0-9a-f:]+::2\/64\)/);
  await answer(/\? Probe: \(fd[0-9a-f:]+::1\)/);
  await answer("? Where its customer is connected:", `a bridge${Key.enter}`);
  await answer("? Its name: (bridge:", `br-lab${Key.enter}`);
  await answer("? Default delegation and DNS? (Y/n)");
  await answer("? Another provider? (Y/n)");
  await at.see("Provider 2");
  await answer("? Name: (beta)", `second${Key.enter}`);
  await answer("? Prefix:", `2001:db8:a::/49${Key.enter}`);
  await answer("it overlaps the prefix of alpha", `${"\u007f".repeat(15)}2001:db8:f::/48${Key.enter}`);
  await answer("? Endpoint:", `"[2001:db8::1]:51820"${Key.enter}`);
  await at.see("✔ Endpoint: [2001:db8::1]:51820");
  await answer("? Public key:", `vIvVN8cjlg56fP1L5LeBfNFj9NwH5i3UEhqgHIUCpRQ=${Key.enter}`);
  await answer("? Tunnel address: (fd");
  await answer("? Probe: (fd", `none${Key.enter}`);
  await answer("? Where its customer is connected:", `a new${Key.enter}`);
  await answer("? Its name: (veth:to-second)");
  await answer("? Default delegation and DNS? (Y/n)", `n${Key.enter}`);
  await answer("? Length of a delegation: (56)", `60${Key.enter}`);
  await answer("? Preferred lifetime: (30m)");
  await answer("? Valid lifetime: (4h)");
  await answer("? DNS servers:", `2001:db8:f::53${Key.enter}`);
  await answer("? Another provider? (y/N)");
  expect(existsSync(join(folder, "lab.yaml"))).toBe(false);
  await answer("? Write it? (Y/n)");
  await at.see("wrote lab.yaml: lab 'desk', 2 providers");
  await answer("? Start it now? (y/N)");
  const { code, output } = await at.end();
  expect(code).toBe(0);
  expect(output).not.toMatch(/: \((2001:db8|192\.0\.2)/);

  const text = readFileSync(join(folder, "lab.yaml"), "utf8");
  expect(text).toMatch(/^# yaml-language-server: \$schema=lab\.schema\.json\n/);
  const { lab } = parseLab(text, { file: "lab.yaml", env: {} });
  expect(
    lab?.providers.map(({ name, delegatedLength, subscriber }) => [name, delegatedLength, subscriber]),
  ).toEqual([
    ["alpha", 56, { kind: "bridge", bridge: "br-lab" }],
    ["second", 60, { kind: "veth", peer: "to-second" }],
  ]);
});

test("init: a wrong answer is explained at once, all in 80 columns", async () => {
  const at = start(["init"], NO_ENGINE, { columns: 80, rows: 24 });
  await at.see("Ctrl-C quits and changes nothing.");
  await answer("? Name of the lab:", `desk${Key.enter}`);
  await answer("? The internet behind the providers:");
  await answer("? The customer of the providers:", Key.down + Key.enter);
  await answer("? Name: (alpha)", `one${Key.enter}`);
  await answer("? Prefix: (2001:db8:a::/48)");
  await answer("? Where its customer is connected:", `another interface${Key.enter}`);
  await answer("? Its name:", `eth9${Key.enter}`);
  await answer("? Default delegation and DNS? (Y/n)");
  await answer("? Another provider? (Y/n)", `maybe${Key.enter}`);
  await answer('You must answer with "Yes" or "No"', `${"\u007f".repeat(5)}y${Key.enter}`);
  for (const question of ["Name: (alpha)", "Prefix:"]) await answer(`? ${question}`);
  await answer("? Where its customer is connected:", `another interface${Key.enter}`);
  await answer("? Its name:", `eth9${Key.enter}`);
  await answer("eth9 is already the subscriber interface of one", `${"\u007f".repeat(4)}eth8${Key.enter}`);
  await answer("? Default delegation and DNS?");
  await answer("? Another provider? (y/N)");
  await answer("? Write it? (Y/n)");
  await answer("? Start it now? (y/N)");
  const { output } = await at.end();
  // A question is drawn anew for every key.
  expect(output.split(/\n|(?=[?✔] )/).filter((line) => line.length > 80)).toEqual([]);
  const { lab } = parseLab(readFileSync(join(folder, "lab.yaml"), "utf8"), { file: "lab.yaml", env: {} });
  expect(lab?.providers.map(({ subscriber }) => subscriber)).toEqual([
    { kind: "claim", interface: "eth9" },
    { kind: "claim", interface: "eth8" },
  ]);
});

test.each([
  ["at the first question", [] as string[]],
  ["in the middle", ["Name of the lab:", "The internet behind", "The customer of the", "Name of the CPE:"]],
])("init: Ctrl-C %s leaves nothing, exit code 130", async (_, questions) => {
  const at = start(["init"]);
  for (const question of questions) await answer(`? ${question}`);
  await answer(questions.length === 0 ? "? Name of the lab:" : "? Hosts behind it:", Key.ctrlC);
  const { code, output } = await at.end();
  expect(code).toBe(130);
  expect(output).toContain("error MHLAB_CANCELLED  interrupted\nNothing was written.");
  expect(readdirSync(folder)).toEqual([]);
});

test("init: an existing file is overwritten by a yes only", async () => {
  writeFileSync(join(folder, "lab.yaml"), "mine\n");
  const at = start(["init"]);
  await answer("lab.yaml exists. Overwrite it? (y/N)");
  const { code, output } = await at.end();
  expect([code, readFileSync(join(folder, "lab.yaml"), "utf8")]).toEqual([2, "mine\n"]);
  expect(output).toContain("MHLAB_FILE_EXISTS");
});

const COMMENTED = `# My lab.
name: mine
internet: bundled      # offline


providers:
  # The first one.
  - name: alpha
    prefix: "2001:db8:a::/48"
    # dns: [2001:db8::53]

# The home.
cpes: [ { name: home } ]
`;

test("provider add, edit and remove keep comments, and give the file back as it was", async () => {
  const file = join(folder, "lab.yaml");
  writeFileSync(file, COMMENTED);
  const add = start(["provider", "add", "lab.yaml"]);
  await answer("? Name: (beta)");
  await answer("? Prefix: (2001:db8:b::/48)");
  await answer("? Default delegation and DNS?");
  await add.see("+   - name: beta");
  expect(readFileSync(file, "utf8")).toBe(COMMENTED);
  await answer("? Write it? (Y/n)");
  expect((await add.end()).code).toBe(0);
  const item = "\n  - name: beta\n    prefix: 2001:db8:b::/48\n    subscriber: {cpe: home}\n";
  expect(readFileSync(file, "utf8")).toBe(COMMENTED.replace("\n\n# The home.", `\n${item}\n# The home.`));

  const edit = start(["provider", "edit", "lab.yaml"]);
  await answer("? Which provider:", Key.down + Key.enter);
  for (const question of ["Name:", "Prefix:", "Where its customer"]) await answer(`? ${question}`);
  await answer("? Default delegation and DNS? (Y/n)", `n${Key.enter}`);
  await answer("? Length of a delegation:", `/60${Key.enter}`);
  await answer("? Preferred lifetime:");
  await answer("? Valid lifetime:", Key.ctrlC);
  const ended = await edit.end();
  expect(ended.code).toBe(130);
  expect(readFileSync(file, "utf8")).toContain(item);

  const remove = start(["provider", "remove", "lab.yaml", "beta"]);
  await answer("? Write it? (Y/n)");
  expect((await remove.end()).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(COMMENTED);
  expect(readdirSync(folder)).toEqual(["lab.yaml"]);
});

test("init sees the engine's host through the BNG image, and leaves no container", async () => {
  expect((await mhlab(["image", "build", "bng"])).code).toBe(0);
  const at = start(["init"], { MHLAB_SANDBOX: "1", MHLAB_SANDBOX_DIR: paths.root });
  const welcome = await answer("? Name of the lab:", Key.ctrlC);
  expect(welcome).toContain(`engine      unix://${paths.socket}`);
  expect(welcome).toMatch(/WireGuard {3}in (the kernel|user space)/);
  expect(welcome).toMatch(/cards {7}none/);
  expect((await at.end()).code).toBe(130);
  const left = await docker.listContainers({ all: true, filters: { label: ["io.mhlab.probe"] } });
  expect(left).toEqual([]);
});

test("bash completes commands, options, values, files and providers, and runs nothing that is typed", async () => {
  writeFileSync(join(folder, "mhlab"), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  chmodSync(join(folder, "mhlab"), 0o755);
  writeFileSync(join(folder, "lab.yaml"), COMMENTED);
  terminal = openTerminal(["bash", "--norc", "--noprofile", "-i"], {
    cwd: folder,
    env: { ...NO_ENGINE, PATH: `${folder}:${process.env["PATH"]}`, PS1: "ready$ ", HISTFILE: "/dev/null" },
  });
  const at = terminal;
  await answer("ready$ ", `source <(mhlab completion bash); bind 'set bell-style none'${Key.enter}`);
  const expands = async (typed: string, to: string): Promise<void> => {
    await answer("ready$ ", typed + Key.tab);
    await at.see(to);
    at.type("\u0015\r"); // Empties the line, for a new prompt.
  };
  await answer("ready$ ", Key.enter);
  await expands("mhlab vali", "mhlab validate ");
  await expands("mhlab provider rem", "mhlab provider remove ");
  await expands("mhlab status --for", "mhlab status --format ");
  await expands("mhlab status --format js", "mhlab status --format json ");
  await expands("mhlab status --format=js", "mhlab status --format=json ");
  await expands("mhlab validate la", "mhlab validate lab.yaml ");
  await expands("mhlab provider edit lab.yaml al", "mhlab provider edit lab.yaml alpha ");
  await expands("mhlab completion f", "mhlab completion fish ");
  await answer("ready$ ", `mhlab up $(touch ran) --dr${Key.tab}`);
  await at.see("--dry-run ");
  at.type("\u0015exit\r");
  await at.end();
  expect(existsSync(join(folder, "ran"))).toBe(false);
}, 60_000);
