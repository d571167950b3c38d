import { homedir } from "node:os";
import { expect, test } from "vitest";
import { parseEndpoint, type SshEndpoint } from "../../../../src/adapters/docker/endpoint.ts";
import { sshCommand } from "../../../../src/adapters/docker/ssh.ts";

const TLS = { DOCKER_TLS_VERIFY: "1" };

test.each<[string | undefined, NodeJS.ProcessEnv, object]>([
  [undefined, {}, { kind: "unix", socket: "/var/run/docker.sock" }],
  ["/run/other.sock", TLS, { kind: "unix", socket: "/run/other.sock", text: "unix:///run/other.sock" }],
  ["tcp://192.0.2.1", {}, { kind: "tcp", host: "192.0.2.1", port: 2375 }],
  ["tcp://[2001:db8::1]:99", {}, { kind: "tcp", host: "2001:db8::1", port: 99 }],
  [
    "tcp://[2001:db8::1]",
    TLS,
    { kind: "tls", host: "2001:db8::1", port: 2376, certificates: `${homedir()}/.docker` },
  ],
  [
    "https://engine.example:4433",
    { DOCKER_CERT_PATH: "/etc/certs" },
    { kind: "tls", host: "engine.example", port: 4433, certificates: "/etc/certs" },
  ],
  ["tcp://192.0.2.1", { DOCKER_TLS_VERIFY: "" }, { kind: "tcp", host: "192.0.2.1" }],
  ["ssh://engine.example", TLS, { kind: "ssh", host: "engine.example", port: undefined, user: undefined }],
  [
    "ssh://me%40home@[2001:db8::1]:2222/run/my%20docker.sock",
    {},
    { kind: "ssh", host: "2001:db8::1", port: 2222, user: "me@home", socket: "/run/my docker.sock" },
  ],
])("%s with %j", (text, env, expected) => {
  expect(parseEndpoint(text, env)).toMatchObject(expected);
});

const ssh = (text: string): string[] => sshCommand(parseEndpoint(text, {}) as SshEndpoint);

test("ssh is called as the user calls it, and asks for nothing", () => {
  expect(ssh("ssh://engine.example").join(" ")).toBe(
    "ssh -T -o BatchMode=yes -o ConnectTimeout=30 -- engine.example docker system dial-stdio",
  );
  expect(ssh("ssh://me@engine.example:2222/run/d.sock").join(" ")).toBe(
    "ssh -T -o BatchMode=yes -o ConnectTimeout=30 -l me -p 2222 -- engine.example docker --host unix:///run/d.sock system dial-stdio",
  );
});

test("nothing in an address becomes an option of ssh or a command of the shell over there", () => {
  const hostile = ssh("ssh://-oProxyCommand=x/tmp/$(id);it's");
  expect(hostile.slice(hostile.indexOf("--"))).toEqual([
    "--",
    "-oProxyCommand=x",
    "docker",
    "--host",
    String.raw`'unix:///tmp/$(id);it'\''s'`,
    "system",
    "dial-stdio",
  ]);
});
