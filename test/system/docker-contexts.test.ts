/** Docker contexts, made by the real docker command and compared with what that itself takes them for. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chooseEndpoint, type EngineChoice } from "../../src/adapters/docker/engine-context.ts";
import { makeAuthority, makeCertificate, openTlsEngine, type RemoteEngine } from "./support/remote-engine.ts";
import { mhlab, paths, run, useSandbox, type CommandResult } from "./support/sandbox.ts";

useSandbox();

const folder = mkdtempSync(join(tmpdir(), "mhlab-contexts-"));
const config = join(folder, "docker");
const tls = join(folder, "tls");
let engine: RemoteEngine;

/** Nothing of the variables that this test was started with. */
const CLEAN = { DOCKER_HOST: "", DOCKER_CONTEXT: "", DOCKER_TLS_VERIFY: "", DOCKER_CERT_PATH: "" };
const env = (more: Record<string, string> = {}): Record<string, string> => ({
  ...CLEAN,
  MHLAB_SANDBOX: "0",
  DOCKER_CONFIG: config,
  ...more,
});

async function docker(args: readonly string[], more: Record<string, string> = {}): Promise<CommandResult> {
  return await run(["docker", ...args], { env: env(more), check: false });
}

async function create(name: string, endpoint: string): Promise<void> {
  expect(await docker(["context", "create", name, "--docker", endpoint])).toMatchObject({ code: 0 });
}

beforeAll(async () => {
  await makeAuthority(tls);
  await makeCertificate(tls, { use: "serverAuth", cert: "server.pem", key: "server-key.pem" });
  await makeCertificate(tls, { use: "clientAuth", cert: "cert.pem", key: "key.pem" });
  engine = await openTlsEngine(tls);
  const host = `host=tcp://127.0.0.1:${engine.port}`;
  const keys = `cert=${tls}/cert.pem,key=${tls}/key.pem`;
  await create("local", `host=unix://${paths.socket}`);
  await create("secured", `${host},ca=${tls}/ca.pem,${keys}`);
  await create("unseen", `${host},skip-tls-verify=true,${keys}`);
  await create("distrusted", `${host},${keys}`);
  await create("plain", "host=tcp://192.0.2.1:2375");
  await create("by-ssh", "host=ssh://me@engine.example:2222");
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Inspected {
  readonly Name: string;
  readonly Endpoints: { readonly docker: { readonly Host: string; readonly SkipTLSVerify: boolean } };
  readonly TLSMaterial: { readonly docker?: readonly string[] };
  readonly Storage: { readonly TLSPath: string };
}

/** What the docker command takes for the engine that is meant. */
async function dockers(choice: EngineChoice, more: Record<string, string>): Promise<unknown> {
  const words = choice.context === undefined ? [] : ["--context", choice.context];
  const { stdout: name } = await docker([...words, "context", "show"], more);
  const { stdout } = await docker([...words, "context", "inspect", name], more);
  const [found] = JSON.parse(stdout) as [Inspected];
  const { Host, SkipTLSVerify } = found.Endpoints.docker;
  const secured = SkipTLSVerify || found.TLSMaterial.docker !== undefined;
  return {
    context: found.Name === "default" ? undefined : found.Name,
    host: Host,
    certificates: secured ? join(found.Storage.TLSPath, "docker") : undefined,
    skipVerify: SkipTLSVerify,
  };
}

async function ours(choice: EngineChoice, more: Record<string, string>): Promise<unknown> {
  const endpoint = await chooseEndpoint(choice, env(more));
  const { context, text } = endpoint;
  const mark = context === undefined ? "" : ` (docker context '${context}')`;
  expect(text.endsWith(mark)).toBe(true);
  return {
    context,
    host: text.slice(0, text.length - mark.length),
    certificates: endpoint.kind === "tls" ? endpoint.certificates : undefined,
    skipVerify: endpoint.kind === "tls" && endpoint.skipVerify === true,
  };
}

describe("the engine that is meant", () => {
  const names = ["local", "secured", "unseen", "distrusted", "plain", "by-ssh"];
  test.each<[string, EngineChoice, Record<string, string>]>([
    ["nothing", {}, {}],
    ...names.map((context): [string, EngineChoice, Record<string, string>] => [
      `--context ${context}`,
      { context },
      {},
    ]),
    ["DOCKER_HOST", {}, { DOCKER_HOST: "tcp://192.0.2.9:2375" }],
    ["DOCKER_CONTEXT", {}, { DOCKER_CONTEXT: "by-ssh" }],
    [
      "DOCKER_HOST before DOCKER_CONTEXT",
      {},
      { DOCKER_HOST: "tcp://192.0.2.9:2375", DOCKER_CONTEXT: "by-ssh" },
    ],
    ["--context before DOCKER_HOST", { context: "plain" }, { DOCKER_HOST: "tcp://192.0.2.9:2375" }],
    ["--context default is DOCKER_HOST", { context: "default" }, { DOCKER_HOST: "tcp://192.0.2.9:2375" }],
    ["--context default without it", { context: "default" }, { DOCKER_CONTEXT: "by-ssh" }],
    ["a context does not care for the variables of TLS", { context: "plain" }, { DOCKER_TLS_VERIFY: "1" }],
  ])("by %s is docker's own", async (_, choice, more) => {
    // Under each context that the user chose before.
    for (const name of ["secured", "default"]) {
      await docker(["context", "use", name]);
      expect(await ours(choice, more)).toEqual(await dockers(choice, more));
    }
  });

  test("is what mhlab works with, and says", async () => {
    for (const name of ["local", "secured", "unseen"]) {
      const { code, stdout, stderr } = await mhlab(["--context", name, "doctor"], { env: env() });
      expect({ code: code === 3 ? 0 : code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain(`(docker context '${name}')`);
    }
    await docker(["context", "use", "secured"]);
    expect((await mhlab(["doctor"], { env: env() })).stdout).toContain("(docker context 'secured')");
    await docker(["context", "use", "default"]);
    // --context is more than a habit of the shell.
    const { stdout } = await mhlab(["--context", "secured", "doctor"], { env: env({ MHLAB_SANDBOX: "1" }) });
    expect(stdout).toContain("(docker context 'secured')");
  });
});

describe("a context that does not lead to an engine", () => {
  async function refused(args: readonly string[], more: Record<string, string> = {}): Promise<string> {
    const { code, stderr } = await mhlab([...args, "status"], { env: env(more) });
    expect({ code, stderr }).toMatchObject({ code: 3 });
    return stderr;
  }

  test.each<[string, readonly string[], Record<string, string>]>([
    ["--context", ["--context", "nowhere"], {}],
    ["DOCKER_CONTEXT", [], { DOCKER_CONTEXT: "nowhere" }],
  ])("is named with those that there are, by %s", async (_, args, more) => {
    expect((await docker([...args, "ps"], more)).code).not.toBe(0);
    const stderr = await refused(args, more);
    expect(stderr).toContain(`error MHLAB_NO_CONTEXT  there is no docker context 'nowhere' in ${config}`);
    expect(stderr).toContain("there are: default, by-ssh, distrusted, local, plain, secured, unseen");
  });

  test("is told apart from one whose engine is not trusted, or does not answer", async () => {
    const stderr = await refused(["--context", "distrusted"]);
    expect(stderr).toContain("(docker context 'distrusted') does not prove to be your Docker engine");
    expect(stderr).toContain("docker context update distrusted --docker");
    expect(stderr).not.toContain("DOCKER_CERT_PATH");
    await create("gone", "host=tcp://127.0.0.1:9");
    expect(await refused(["--context", "gone"])).toContain("docker context inspect gone");
    await docker(["context", "rm", "gone"]);
  });

  test("beside --host is a contradiction, for docker too", async () => {
    const both = ["--context", "local", "--host", "tcp://192.0.2.1:2375"];
    expect((await docker([...both, "ps"])).stderr).toContain("either specify --host or --context");
    expect(await mhlab([...both, "status"], { env: env() })).toMatchObject({ code: 2 });
  });

  test("is not passed over when docker's configuration cannot be read", async () => {
    const broken = mkdtempSync(join(folder, "broken-"));
    writeFileSync(join(broken, "config.json"), '{"currentContext": "secured"');
    const stderr = await refused([], { DOCKER_CONFIG: broken });
    expect(stderr).toContain(`error MHLAB_NO_CONTEXT  cannot read ${broken}/config.json`);
    expect(
      (await mhlab(["--context", "default", "status"], { env: env({ DOCKER_CONFIG: broken }) })).stderr,
    ).not.toContain("MHLAB_NO_CONTEXT");
  });
});
