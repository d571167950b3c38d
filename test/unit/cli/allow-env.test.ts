/** A lab file that somebody sent can name any variable; one that would be looked up needs a word for it. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAllowedVariables } from "../../../src/adapters/files/allowed-variables.ts";
import { mhlab, temporaryFile, type Ran } from "./run.ts";

const lab = (endpoint: string, more = ""): string =>
  temporaryFile(
    "lab.yaml",
    `name: demo
providers:
  - name: alpha
    prefix: \${SITE:-2001:db8:a::/48}
    wireguard: {endpoint: "${endpoint}", peer: zTkqojIeJXDCFn76twuuRk8kb6QYFfdt8TeUb5hz00E=, address: "2001:db8:0:a::2/64"}
    subscriber: {interface: "\${NIC}"}
    ${more}
`,
  );
const state = mkdtempSync(join(tmpdir(), "mhlab-allow-"));
const ENV = {
  MHLAB_STATE_DIR: state,
  TOKEN: "S3cret-token",
  NIC: "enp2s0",
  FAR: "192.0.2.1",
  PORT: "51820",
  LAB_FAR: "vpn.example.net",
};
const peerConfig = (file: string, ...more: string[]): Promise<Ran> =>
  mhlab(["peer-config", file, ...more], ENV);
const LEAK = "${TOKEN}.example.net:51820";
const refused = {
  exitCode: 2,
  stdout: "",
  stderr: expect.stringContaining("error MHLAB_ENV_NOT_ALLOWED") as string,
};

test.each([
  ["the host of an endpoint", LEAK, ""],
  ["a host and its port at once", "${FAR_AND_PORT}", ""],
  ["a search domain", "192.0.2.1:51820", 'dns-search: ["${TOKEN}.example.net"]'],
  ["a provisioning domain", "192.0.2.1:51820", 'pvd: {name: "${TOKEN}.example.net"}'],
  ["a captive portal", "192.0.2.1:51820", 'captive-portal: "https://portal.example/${TOKEN}"'],
  ["a default", "${NOT_SET:-192.0.2.1:1}", 'dns-search: ["x.${TOKEN:-y}"]'],
])("a variable in %s: refused where nobody can be asked, without its value", async (_, endpoint, more) => {
  const file = lab(endpoint, more);
  const ran = await mhlab(["peer-config", file], { ...ENV, FAR_AND_PORT: "s3cret-token.example.net:51820" });
  expect(ran).toMatchObject(refused);
  expect(ran.stderr).toMatch(/--allow-env (TOKEN|FAR_AND_PORT)\n/);
  expect(ran.stderr.toLowerCase()).not.toContain("s3cret");
});

test.each([["up"], ["export", "compose"]])("%s is refused as well, and makes no key", async (...command) => {
  const own = mkdtempSync(join(tmpdir(), "mhlab-allow-"));
  expect(await mhlab([...command, lab(LEAK)], { ...ENV, MHLAB_STATE_DIR: own })).toMatchObject(refused);
});

test.each([
  ["an address", "${FAR}:51820"],
  ["a port", "vpn.example.net:${PORT}"],
  ["a variable of labs", "${LAB_FAR}:51820"],
  ["a default of the file's own", "${NOT_SET:-vpn.example.net}:51820"],
])("%s is nothing to ask about", async (_, endpoint) => {
  expect(await peerConfig(lab(endpoint))).toMatchObject({ exitCode: 0 });
});

test("the option allows it, and an answer is remembered for that file", async () => {
  const file = lab(LEAK);
  expect(await peerConfig(file, "--allow-env", "TOKEN")).toMatchObject({ exitCode: 0 });
  expect(await peerConfig(file, "--allow-env", "OTHER")).toMatchObject(refused);
  await openAllowedVariables(state).add(file, ["TOKEN"]);
  expect(await peerConfig(file)).toMatchObject({ exitCode: 0 });
  expect(await peerConfig(lab(LEAK))).toMatchObject(refused);
  expect(readFileSync(join(state, "allowed-variables.json"), "utf8")).not.toContain(ENV.TOKEN);
});

test("validate reads all and asks nothing", async () => {
  const { exitCode, stdout, stderr } = await mhlab(["validate", lab(LEAK)], ENV);
  expect(exitCode).toBe(0);
  expect(`${stdout}${stderr}`).not.toContain(ENV.TOKEN);
});
