/** The sandbox's engine as a remote one: behind TLS with client certificates, and behind an SSH server. */
import { execa } from "execa";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";
import { paths, run } from "./sandbox.ts";

export interface RemoteEngine {
  readonly port: number;
  close(): Promise<void>;
}

/** Makes an authority in a folder: `ca.pem` and `ca-key.pem`. */
export async function makeAuthority(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await openssl(folder, ["-keyout", "ca-key.pem", "-out", "ca.pem", "-subj", "/CN=mhlab test authority"]);
}

/** Makes a certificate of the folder's authority and its key. */
export async function makeCertificate(
  folder: string,
  { use, cert, key }: { use: "serverAuth" | "clientAuth"; cert: string; key: string },
): Promise<void> {
  const more = ["-addext", `extendedKeyUsage=${use}`, "-addext", "subjectAltName=IP:127.0.0.1"];
  const signed = ["-CA", "ca.pem", "-CAkey", "ca-key.pem"];
  await openssl(folder, ["-keyout", key, "-out", cert, "-subj", `/CN=mhlab test ${use}`, ...more, ...signed]);
}

async function openssl(folder: string, words: readonly string[]): Promise<void> {
  const made = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "1",
  ];
  await execa("openssl", [...made, ...words], { cwd: folder });
}

/** Ends TLS in front of the sandbox's engine, as dockerd does with --tlsverify. */
export async function openTlsEngine(folder: string): Promise<RemoteEngine> {
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const server = createServer(
    {
      ca: read("ca.pem"),
      cert: read("server.pem"),
      key: read("server-key.pem"),
      requestCert: true,
      rejectUnauthorized: true,
      allowHalfOpen: true,
    },
    forward,
  );
  return await listening(server);
}

/** The sandbox's engine on a port, without TLS. */
export async function openPlainEngine(): Promise<RemoteEngine> {
  return await listening(createTcpServer({ allowHalfOpen: true }, forward));
}

function forward(client: Socket): void {
  const engine = connect({ path: paths.socket, allowHalfOpen: true });
  client.on("error", () => engine.destroy());
  engine.on("error", () => client.destroy());
  client.pipe(engine).pipe(client);
}

async function listening(server: Server): Promise<RemoteEngine> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface SshServer extends RemoteEngine {
  /** A folder for PATH, whose `ssh` reads the test's configuration instead of the user's. */
  readonly bin: string;
  /** Stops it with SIGSTOP, so that it takes connections and says nothing; until the function that comes back is called. */
  hang(): () => void;
}

/** Starts Debian's sshd on a port of its own, with keys and a configuration of its own. */
export async function openSshServer(folder: string): Promise<SshServer> {
  mkdirSync(join(folder, "bin"), { recursive: true });
  mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const at = (name: string): string => join(folder, name);
  for (const key of ["host", "user"]) {
    await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "mhlab test", "-f", at(key)]);
  }
  const port = await freePort();
  const settings = [
    "ListenAddress 127.0.0.1",
    `Port ${port}`,
    `HostKey ${at("host")}`,
    `AuthorizedKeysFile ${at("user.pub")}`,
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    "PidFile none",
    // Stricter than the default (10:30:100), which turns strangers away at random.
    "MaxStartups 8",
  ];
  writeFileSync(at("sshd_config"), `${settings.join("\n")}\n`);
  writeFileSync(at("known_hosts"), `[127.0.0.1]:${port} ${readFileSync(at("host.pub"), "utf8")}`);
  const client = [
    `IdentityFile ${at("user")}`,
    "IdentitiesOnly yes",
    "IdentityAgent none",
    `UserKnownHostsFile ${at("known_hosts")}`,
    "GlobalKnownHostsFile none",
    "StrictHostKeyChecking yes",
  ];
  writeFileSync(at("ssh_config"), `${client.join("\n")}\n`);
  const { stdout: ssh } = await run(["sh", "-c", "command -v ssh"]);
  writeFileSync(at("bin/ssh"), `#!/bin/sh\nexec ${ssh} -F ${at("ssh_config")} "$@"\n`);
  chmodSync(at("bin/ssh"), 0o755);

  // sshd wants to be called by its whole name.
  const { stdout: program } = await run(["sh", "-c", "PATH=$PATH:/usr/sbin; command -v sshd"]);
  // Sessions live on with its output, so nobody waits for the end of that.
  const sshd = execa(program, ["-D", "-f", at("sshd_config")], { reject: false, stdio: "ignore" });
  await untilOpen(port);
  return {
    port,
    bin: at("bin"),
    hang() {
      sshd.kill("SIGSTOP");
      return () => void sshd.kill("SIGCONT");
    },
    async close() {
      sshd.kill("SIGTERM");
      await sshd;
    },
  };
}

async function freePort(): Promise<number> {
  const found = await listening(createTcpServer());
  await found.close();
  return found.port;
}

async function untilOpen(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: "127.0.0.1", port }, () => resolve(true));
      socket.once("error", () => resolve(false)).once("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`sshd does not listen on ${port}`);
}
