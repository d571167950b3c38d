/** Engines that are not behind a local socket: TLS with client certificates, and SSH, with all that streams. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, cpSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseEndpoint } from "../../src/adapters/docker/endpoint.ts";
import { openEngine } from "../../src/adapters/docker/engine.ts";
import type { Finding } from "../../src/core/model/host/finding.ts";
import type { LabStatus } from "../../src/core/model/status/model.ts";
import { ALPHA, useLabs, writeLab } from "./lab/fixture.ts";
import { splitPcapng } from "./support/pcapng.ts";
import {
  makeAuthority,
  makeCertificate,
  openPlainEngine,
  openSshServer,
  openTlsEngine,
  type RemoteEngine,
  type SshServer,
} from "./support/remote-engine.ts";
import { Key, openTerminal } from "./support/terminal.ts";
import { eventually, labState, mhlab, paths, PROJECT, run, type CommandResult } from "./support/sandbox.ts";

useLabs();

const folder = mkdtempSync(join(tmpdir(), "mhlab-remote-"));
const certificates = join(folder, "certificates");
let tls: RemoteEngine;
let plain: RemoteEngine;
let ssh: SshServer;

beforeAll(async () => {
  await makeAuthority(certificates);
  await makeCertificate(certificates, { use: "serverAuth", cert: "server.pem", key: "server-key.pem" });
  await makeCertificate(certificates, { use: "clientAuth", cert: "cert.pem", key: "key.pem" });
  [tls, plain, ssh] = await Promise.all([
    openTlsEngine(certificates),
    openPlainEngine(),
    openSshServer(join(folder, "ssh")),
  ]);
});
afterAll(async () => {
  await Promise.all([tls.close(), plain.close(), ssh.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const byTls = (more: Record<string, string> = {}): Record<string, string> => ({
  MHLAB_SANDBOX: "0",
  DOCKER_HOST: `tcp://127.0.0.1:${tls.port}`,
  DOCKER_TLS_VERIFY: "1",
  DOCKER_CERT_PATH: certificates,
  ...more,
});
const bySsh = (more: Record<string, string> = {}): Record<string, string> => ({
  MHLAB_SANDBOX: "0",
  DOCKER_HOST: `ssh://root@127.0.0.1:${ssh.port}${paths.socket}`,
  PATH: `${ssh.bin}:${process.env["PATH"]}`,
  ...more,
});

async function good(args: readonly string[], env: Record<string, string>, input = ""): Promise<string> {
  const { code, stdout, stderr } = await mhlab(args, { env, input });
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

describe.each([
  ["tls", byTls],
  ["ssh", bySsh],
])("a lab on an engine behind %s", (name, env) => {
  const lab = `by-${name}`;

  test("comes up, is healthy and is told of while it runs", async () => {
    await good(["up", writeLab(lab, [ALPHA])], env());
    const status = JSON.parse(await good(["status", lab, "--json"], env())) as LabStatus;
    expect(status).toMatchObject({ lab, healthy: true });
    expect(await good(["logs", "alpha", "--tail", "5"], env())).not.toBe("");
    const { findings } = JSON.parse(await good(["doctor", "--json"], env())) as { findings: Finding[] };
    expect(findings.find(({ id }) => id === "engine")?.message).toContain(env()["DOCKER_HOST"]);
    expect(findings.find(({ id }) => id === "birth-namespace")?.level).toBe("ok");
  });

  test("takes input to its end, gives output of any size back unharmed, and the exit code", async () => {
    const input = "x".repeat(300_000);
    expect(await good(["exec", "alpha", "--", "cat"], env(), input)).toBe(input);
    expect(await mhlab(["exec", "alpha", "--", "sh", "-c", "exit 7"], { env: env() })).toMatchObject({
      code: 7,
      stderr: "",
    });
    expect(await good(["exec", "home-host1", "--", "ping", "-6", "-c", "2", "2001:db8::1"], env())).toContain(
      " 0% packet loss",
    );
  });

  test("gives a shell on the terminal", async () => {
    const command = `${process.execPath} ${PROJECT}/bin/mhlab.js shell alpha`;
    const { code, stdout } = await run(["script", "-qec", command, "/dev/null"], {
      env: { CI: "", TERM: "xterm", MHLAB_STATE_DIR: labState(), ...env() },
      input: "cd /etc/mhlab\nexit 7\n",
      check: false,
    });
    expect(code).toBe(7);
    expect(stdout).toContain(`${lab}/alpha:/etc/mhlab# `);
  });

  test("is captured", async () => {
    const file = join(folder, `${name}.pcapng`);
    const terminal = openTerminal(
      [process.execPath, `${PROJECT}/bin/mhlab.js`, "capture", "alpha", "-w", file],
      { cwd: folder, env: { MHLAB_STATE_DIR: labState(), ...env() } },
    );
    const tcpdumps = async (): Promise<string> =>
      (await mhlab(["exec", "alpha", "--", "pgrep", "tcpdump"], { env: env() })).stdout;
    await eventually(async () => expect((await tcpdumps()).split("\n")).toHaveLength(2));
    await good(["exec", "home-host1", "--", "ping", "-6", "-c", "3", "-i", "0.3", "2001:db8::1"], env());
    // The terminal interrupts every program at it, also those by which mhlab gets to the engine.
    terminal.type(Key.ctrlC);
    expect(await terminal.end()).toMatchObject({ code: 0 });
    const interfaces = splitPcapng(readFileSync(file));
    expect(interfaces.map((one) => one.name).sort()).toEqual(["sub0", "wg-alpha"]);
    for (const { pcap } of interfaces) expect(pcap.length).toBeGreaterThan(500);
    expect(await tcpdumps()).toBe("");
  });

  test("goes down", async () => {
    expect(await good(["down", lab], env())).toContain("removed");
  });
});

/** A folder with the good certificates, of which some are changed. */
function changed(name: string, files: Record<string, string | undefined>): string {
  const place = join(folder, name);
  cpSync(certificates, place, { recursive: true });
  for (const [file, from] of Object.entries(files)) {
    rmSync(join(place, file));
    if (from !== undefined) cpSync(from, join(place, file));
  }
  return place;
}

async function refused(env: Record<string, string>): Promise<string> {
  const results: CommandResult[] = [];
  for (const args of [["status"], ["doctor"]]) results.push(await mhlab(args, { env }));
  for (const { code, stdout, stderr } of results) {
    expect({ code, output: `${stdout}${stderr}` }).toMatchObject({ code: 3 });
    expect(`${stdout}${stderr}`).not.toMatch(/^\s+at /m);
    expect(`${stdout}${stderr}`).not.toContain("PRIVATE");
  }
  return results[0]?.stderr ?? "";
}

describe("an engine behind TLS that is not to be reached", () => {
  test("is named when its certificate is of another authority", async () => {
    const other = join(folder, "other");
    await makeAuthority(other);
    const stderr = await refused(
      byTls({ DOCKER_CERT_PATH: changed("wrong-ca", { "ca.pem": join(other, "ca.pem") }) }),
    );
    expect(stderr).toContain(
      `error MHLAB_NO_ENGINE  what answers at tcp://127.0.0.1:${tls.port} does not prove to be your Docker engine`,
    );
    expect(stderr).toContain("wrong-ca/ca.pem has to be the authority of the engine's certificate");
    expect(stderr).toContain("Nothing was changed.");
  });

  test("is named when its certificate names another host", async () => {
    const stderr = await refused(byTls({ DOCKER_HOST: `tcp://localhost:${tls.port}` }));
    expect(stderr).toContain("does not prove to be your Docker engine");
    expect(stderr).toContain("that has to name localhost");
  });

  test.each([["ca.pem"], ["cert.pem"], ["key.pem"]])("is named when %s is missing", async (file) => {
    const stderr = await refused(
      byTls({ DOCKER_CERT_PATH: changed(`without-${file}`, { [file]: undefined }) }),
    );
    expect(stderr).toContain(`/without-${file}/${file}, which TLS to the engine needs`);
    expect(stderr).toContain("hint: DOCKER_CERT_PATH names the folder");
  });

  test("is named when the client's certificate is of another authority, or not for its key", async () => {
    const other = join(folder, "stranger");
    await makeAuthority(other);
    await makeCertificate(other, { use: "clientAuth", cert: "cert.pem", key: "key.pem" });
    const cert = join(other, "cert.pem");
    const stranger = changed("wrong-client", { "cert.pem": cert, "key.pem": join(other, "key.pem") });
    expect(await refused(byTls({ DOCKER_CERT_PATH: stranger }))).toContain(
      `the Docker engine at tcp://127.0.0.1:${tls.port} refuses this client's certificate`,
    );
    expect(await refused(byTls({ DOCKER_CERT_PATH: changed("mixed", { "cert.pem": cert }) }))).toContain(
      "/mixed cannot be used",
    );
    const garbage = changed("garbage", {});
    writeFileSync(join(garbage, "cert.pem"), "no certificate\n");
    expect(await refused(byTls({ DOCKER_CERT_PATH: garbage }))).toContain("/garbage cannot be used");
  });

  test("is told apart from one without TLS, both ways round", async () => {
    expect(await refused(byTls({ DOCKER_HOST: `tcp://127.0.0.1:${plain.port}` }))).toContain(
      `what answers at tcp://127.0.0.1:${plain.port} does not speak TLS`,
    );
    const { DOCKER_TLS_VERIFY: _, ...without } = byTls();
    expect(await refused(without)).toContain("an engine with TLS needs DOCKER_TLS_VERIFY=1");
  });
});

test("many questions at once are not too many logins for sshd", async () => {
  const { PATH: before } = process.env;
  process.env["PATH"] = bySsh()["PATH"];
  try {
    const endpoint = parseEndpoint(bySsh()["DOCKER_HOST"], {});
    const { reader } = openEngine(endpoint, process.env);
    const asked = Array.from({ length: 40 }, (_, index) => reader.containerState(`nobody-${index}`));
    expect(await Promise.all(asked)).toEqual(asked.map(() => undefined));
  } finally {
    process.env["PATH"] = before;
  }
});

describe("an engine behind SSH that is not to be reached", () => {
  test("is named when its host is not known, with what to try by hand", async () => {
    const hosts = join(folder, "ssh", "known_hosts");
    const known = readFileSync(hosts);
    writeFileSync(hosts, "");
    try {
      const stderr = await refused(bySsh());
      expect(stderr).toContain("Host key verification failed.");
      expect(stderr).toContain(
        `hint: this has to work without a question: ssh -o BatchMode=yes -p ${ssh.port} root@127.0.0.1 docker version`,
      );
    } finally {
      writeFileSync(hosts, known);
    }
  });

  test("is named when there is no such socket, and when there is no ssh", async () => {
    const host = `ssh://root@127.0.0.1:${ssh.port}/nonexistent/docker.sock`;
    expect(await refused(bySsh({ DOCKER_HOST: host }))).toContain("no Docker engine answers at");
    const empty = mkdtempSync(join(folder, "empty-"));
    expect(await refused(bySsh({ PATH: empty }))).toContain("sudo apt-get install openssh-client");
  });

  test("is named after 5 s when its sshd hangs, and Ctrl-C ends the question", async () => {
    const goOn = ssh.hang();
    try {
      const env = { ...process.env, ...bySsh(), NO_COLOR: "1" };
      const child = spawn(process.execPath, [join(PROJECT, "bin/mhlab.js"), "status"], { env });
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
      const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
      const notice = `the Docker engine at ${bySsh()["DOCKER_HOST"]} has not answered for 5 s`;
      await eventually(() => expect(said).toContain(notice), { timeoutMs: 15_000 });
      child.kill("SIGINT");
      expect(await ended).toBe(130);
    } finally {
      goOn();
    }
  });
});

test("an engine that the command line names has nothing to do with what DOCKER_HOST says", async () => {
  const elsewhere = {
    DOCKER_HOST: "tcp://192.0.2.1:2376",
    DOCKER_TLS_VERIFY: "1",
    DOCKER_CERT_PATH: "/nonexistent",
  };
  for (const args of [
    ["--sandbox", "doctor"],
    ["--host", `unix://${paths.socket}`, "doctor"],
  ]) {
    expect(await good(args, elsewhere)).toContain(`at unix://${paths.socket}`);
  }
});
