import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { mhlab as runMhlab, temporaryFile, type Ran } from "../run.ts";
import { TWO_ISPS } from "../../support/planned-lab.ts";
import { SERVER_KEY, SHARED } from "../../features/peer/lab.ts";

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "mhlab-state-"));
});

const mhlab = (...argv: string[]): Promise<Ran> => runMhlab(argv, { MHLAB_STATE_DIR: state });
const shared = temporaryFile("lab.yaml", SHARED);
const bundled = temporaryFile("lab.yaml", TWO_ISPS);
const apart = temporaryFile("lab.yaml", SHARED.replace("192.0.2.42:51820", "192.0.2.43:51820"));

/** Every secret that is on disk. */
function secrets(): string[] {
  const folder = join(state, "labs/desk/keys");
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8").trim());
}

test("peer-config makes keys, says so, and prints no secret", async () => {
  const { exitCode, stdout, stderr } = await mhlab("peer-config", shared);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(SERVER_KEY);
  expect(stderr).toContain("made a key for alpha, beta\n");
  expect(stderr).toMatch(/scp \S+alpha\.psk root@192\.0\.2\.42:\/etc\/wireguard\/alpha\.psk/);
  expect(secrets()).toHaveLength(3);
  for (const secret of secrets()) expect(stdout + stderr).not.toContain(secret);
  expect((await mhlab("peer-config", shared)).stdout).toBe(stdout);
});

test("peer-config names one server at a time, as JSON all of them", async () => {
  const { exitCode, stderr } = await mhlab("peer-config", apart, "--format", "script");
  expect(exitCode).toBe(2);
  expect(stderr).toContain("the tunnels end at 2 servers");
  expect(stderr).toContain(`peer-config ${apart} beta`);
  const one = await mhlab("peer-config", apart, "beta", "--format", "script");
  expect(one.stdout).toContain("2001:db8:b::/60");
  expect(one.stdout).not.toContain("2001:db8:a::/56");
  const { servers } = JSON.parse((await mhlab("peer-config", apart, "--json")).stdout) as {
    servers: { server: string }[];
  };
  expect(servers.map(({ server }) => server)).toEqual(["192.0.2.43", "192.0.2.42"]);
});

test.each([
  [["peer-config", bundled], "MHLAB_FAR_SIDE_BUNDLED"],
  [["peer-config", shared, "gamma"], "has no provider gamma"],
  [["peer-config", shared, "--variant", "on-link"], "needs the server's interface"],
  [["peer-config", shared, "--variant", "nptv6", "--format", "script"], "needs to know the server's prefix"],
  [["peer-config", shared, "--outside", "2001:db8::/65"], "--outside '2001:db8::/65' is not a prefix"],
  [["peer-config", shared, "--uplink", "eth0;reboot"], "cannot be the name of an interface"],
  [["keys", "show"], "no lab has keys yet"],
  [["keys", "show", shared, "gamma"], "has no provider gamma"],
  [["keys", "rotate", "alpha", shared, "--prepare", "--commit"], "exclude each other"],
])("%j is explained", async (argv, text) => {
  const { exitCode, stderr, stdout } = await mhlab(...argv);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(text);
  expect(stdout).toBe("");
});

test("keys show lists what may be shown, and names the files of what may not", async () => {
  const { exitCode, stdout } = await mhlab("keys", "show", shared, "--json");
  expect(exitCode).toBe(0);
  const { keys } = JSON.parse(stdout) as { keys: { provider: string; kind: string; file: string }[] };
  expect(keys.map(({ provider, kind }) => `${provider} ${kind}`)).toEqual([
    "alpha bng",
    "alpha preshared",
    "beta bng",
  ]);
  expect(keys.every(({ file }) => readFileSync(file, "utf8").trim().length === 44)).toBe(true);
  const table = await mhlab("keys", "show", "alpha");
  expect(table.stdout).toContain("(secret)");
  expect(table.stdout).not.toContain("beta");
  for (const secret of secrets()) expect(stdout + table.stdout).not.toContain(secret);
});

test("keys show --qr draws the public section", async () => {
  const { stdout } = await mhlab("keys", "show", shared, "beta", "--qr");
  expect(stdout).toContain("AllowedIPs = 2001:db8:0:f::b/128, 2001:db8:b::/60");
  expect(stdout).toMatch(/[▀▄█]{5}/);
});

test("a prepared key is shown, used for the far side's script, and can be forgotten", async () => {
  const prepared = await mhlab("keys", "rotate", "alpha", shared, "--prepare");
  expect(prepared.exitCode).toBe(0);
  const next = /key of alpha is (\S+)/.exec(prepared.stderr)?.[1] ?? "missing";
  expect(prepared.stdout).toContain(`new='${next}'`);
  expect((await mhlab("keys", "rotate", "alpha", shared)).stdout).toBe(prepared.stdout);
  expect((await mhlab("keys", "show", shared)).stdout).toContain(next);
  for (const secret of secrets()) expect(prepared.stdout + prepared.stderr).not.toContain(secret);
  expect((await mhlab("keys", "rotate", "alpha", shared, "--cancel")).stdout).toBe(
    "forgot alpha's next key\n",
  );
  expect((await mhlab("keys", "show", shared)).stdout).not.toContain(next);
});
