/** Commands in containers, over connections that an engine hands over as a real one does. */
import { mkdtempSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, type Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";
import { afterEach, expect, test } from "vitest";
import { attachExec, execFailure, type Terminal } from "../../../../src/adapters/docker/attach.ts";
import { EngineConnection } from "../../../../src/adapters/docker/connection.ts";
import { parseEndpoint } from "../../../../src/adapters/docker/endpoint.ts";
import { execBytes } from "../../../../src/adapters/docker/exec.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

const ID = "e".repeat(64);

interface Talked {
  readonly connection: EngineConnection;
  /** Bodies of the requests, by path. */
  readonly bodies: Map<string, string>;
  readonly traced: string[];
}

/** An engine whose command does with its connection as `command` says. */
async function engine(command: (talk: Duplex) => void, upgrades = true, exitCode = 7): Promise<Talked> {
  const bodies = new Map<string, string>();
  const traced: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      bodies.set(request.url ?? "", body);
      const answer = request.url?.endsWith("/json") === true ? { ExitCode: exitCode } : { Id: ID };
      response.writeHead(/\/(json|start)\b/.test(request.url ?? "") ? 200 : 201).end(JSON.stringify(answer));
    });
  });
  if (upgrades) {
    server.on("upgrade", (_request, socket: Duplex) => {
      socket.on("error", () => undefined);
      socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
      command(socket);
    });
  }
  const socket = join(mkdtempSync(join(tmpdir(), "mhlab-exec-")), "docker.sock");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  servers.push(server);
  const endpoint = parseEndpoint(`unix://${socket}`, {});
  const connection = new EngineConnection({ ...endpoint, trace: (line) => traced.push(line) });
  return { connection, bodies, traced };
}

function frame(stream: number, said: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(said.length, 4);
  return Buffer.concat([header, Buffer.from(said)]);
}

const pipes = () => ({ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() });

test("a command has our input, and its output and errors are ours, to its exit code", async () => {
  const { connection } = await engine((talk) => {
    talk.once("data", (typed: Buffer) => {
      talk.write(frame(1, `you said ${typed.toString()}`));
      talk.end(frame(2, "and that is wrong"));
    });
  });
  const { stdin, stdout, stderr } = pipes();
  stdin.write("hello");
  const command = { container: "c", argv: ["cat"] };
  expect(await attachExec(connection, command, { stdin, stdout, stderr } as unknown as Terminal)).toBe(7);
  expect(String(stdout.read())).toBe("you said hello");
  expect(String(stderr.read())).toBe("and that is wrong");
});

/** As runc 1.1 and Docker 26 say it. */
const UNSTARTED =
  'OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuch": executable file not found in $PATH: unknown\r\n';

test.each([
  ["output", 127, frame(1, UNSTARTED)],
  ["errors", 126, frame(2, UNSTARTED)],
])("a command that cannot be started is told in plain words: from its %s", async (_, code, said) => {
  const { connection } = await engine((talk) => void talk.end(said), true, code);
  const { stdin, stdout, stderr } = pipes();
  const terminal = { stdin, stdout, stderr } as unknown as Terminal;
  expect(await attachExec(connection, { container: "c", argv: ["nosuch"] }, terminal)).toBe(127);
  expect([stdout.read(), String(stderr.read())]).toEqual([null, "c has no program 'nosuch'\n"]);
});

test("a program that prints such a line itself keeps it, and its exit code", async () => {
  const { connection } = await engine((talk) => void talk.end(frame(1, UNSTARTED)));
  const { stdin, stdout, stderr } = pipes();
  const terminal = { stdin, stdout, stderr } as unknown as Terminal;
  expect(await attachExec(connection, { container: "c", argv: ["cat"] }, terminal)).toBe(7);
  expect([String(stdout.read()), stderr.read()]).toEqual([UNSTARTED, null]);
});

test("a command that may not be executed says why", () => {
  const said =
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "/etc": is a directory: unknown: permission denied';
  expect(execFailure(said, "c")).toEqual({
    text: "'/etc' cannot be run in c: is a directory\n",
    exitCode: 126,
  });
});

test("a terminal is asked for, told its size, and given back", async () => {
  const { connection, bodies } = await engine((talk) => void talk.end("$ "));
  const { stdin, stdout, stderr } = pipes();
  const modes: boolean[] = [];
  const terminal = {
    stdin: Object.assign(stdin, { setRawMode: (raw: boolean) => modes.push(raw) }),
    stdout: Object.assign(stdout, { rows: 24, columns: 80 }),
    stderr,
  } as unknown as Terminal;
  expect(await attachExec(connection, { container: "c", argv: ["sh"], terminal: "vt100" }, terminal)).toBe(7);
  expect(String(stdout.read())).toBe("$ ");
  expect(modes).toEqual([true, false]);
  expect(JSON.parse(bodies.get("/containers/c/exec") ?? "")).toMatchObject({
    Tty: true,
    AttachStdin: true,
    Env: ["TERM=vt100"],
  });
  expect([...bodies.keys()]).toContain(`/exec/${ID}/resize?h=24&w=80`);
});

test("the input of a command with bytes ends with the signal", async () => {
  const stop = new AbortController();
  const { connection } = await engine((talk) => {
    talk.write(frame(1, "\u0000bytes"));
    // Its input has ended.
    talk.once("end", () => talk.end(frame(1, " and the rest")));
    talk.resume();
  });
  const pieces: Uint8Array[] = [];
  const exitCode = await execBytes(connection, "c", ["tcpdump"], {
    signal: stop.signal,
    onOutput(piece) {
      pieces.push(piece);
      stop.abort();
    },
    onErrorOutput: () => undefined,
  });
  expect(exitCode).toBe(7);
  expect(Buffer.concat(pieces).toString()).toBe("\u0000bytes and the rest");
});

test("where the connection is not handed over, it is said that there is no input", async () => {
  const { connection } = await engine(() => undefined, false);
  const run = attachExec(connection, { container: "c", argv: ["cat"] }, pipes() as unknown as Terminal);
  await expect(run).rejects.toMatchObject({
    code: "MHLAB_ENGINE",
    evidence: [expect.stringContaining("does not hand over the connection") as string],
  });
});

test("each request is told with its duration, and nothing of what it says", async () => {
  const { connection, traced } = await engine((talk) => void talk.end());
  const command = { container: "c", argv: ["echo", "a secret"] };
  await attachExec(connection, command, pipes() as unknown as Terminal);
  await connection.ask("x", (docker) => docker.listContainers({ filters: "secret" }));
  await expect.poll(() => traced.length).toBe(5);
  expect(traced.map((line) => line.replace(/\d+ ms$/, "N ms"))).toEqual([
    "engine: POST /containers/c/exec 201 after N ms",
    "engine: POST /exec/eeeeeeeeeeee/start 101, open after N ms",
    expect.stringMatching(/^engine: (POST .*start closed|GET .*json 200) after N ms$/),
    expect.stringMatching(/^engine: (POST .*start closed|GET .*json 200) after N ms$/),
    "engine: GET /containers/json 200 after N ms",
  ]);
  expect(traced.join("\n")).not.toContain("secret");
});

test("dockerode's requests are told as well, and those that fail", async () => {
  const { connection, traced } = await engine(() => undefined);
  const docker = await connection.docker();
  await docker.getContainer("c").inspect();
  for (const server of servers)
    server.removeAllListeners("request").on("request", ({ socket }) => socket.destroy());
  await expect(docker.getContainer("c").remove({ v: true })).rejects.toThrow("socket hang up");
  await expect.poll(() => traced.length).toBe(2);
  expect(traced).toEqual([
    expect.stringMatching(/^engine: GET \/containers\/c\/json 200 after \d+ ms$/),
    expect.stringMatching(/^engine: DELETE \/containers\/c failed \(socket hang up\) after \d+ ms$/),
  ]);
});

test("what dockerode prints of an agent at every request does not grow with its connections", async () => {
  const { connection } = await engine(() => undefined);
  const docker = await connection.docker();
  await Promise.all(Array.from({ length: 5 }, () => docker.getContainer("x").inspect()));
  const agent = await connection.agent();
  expect(Object.values(agent.freeSockets).flat().length).toBeGreaterThan(0);
  expect(inspect({ agent }, { showHidden: true, depth: null })).toBe("{ agent: DialAgent }");
});
