/** What calls itself a Docker engine and is none, or a broken or evil one. The servers here are the hostile part itself. */
import * as fc from "fast-check";
import { mkdtempSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { afterEach, expect, test } from "vitest";
import { readHeldFiles, readInternetFiles } from "../../../../src/adapters/docker/container-files.ts";
import { EngineConnection } from "../../../../src/adapters/docker/connection.ts";
import { parseEndpoint } from "../../../../src/adapters/docker/endpoint.ts";
import { demultiplex, lineCutter } from "../../../../src/adapters/docker/frames.ts";
import { LIMITS } from "../../../../src/adapters/docker/patience.ts";
import { openReader } from "../../../../src/adapters/docker/reader.ts";
import type { EngineReader } from "../../../../src/app/ports/engine-reader.ts";
import { mhlab, type Ran } from "../../cli/run.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function engine(answer: Answer): Promise<string> {
  const socket = join(mkdtempSync(join(tmpdir(), "mhlab-evil-")), "docker.sock");
  const server = createServer((request, response) => {
    request.resume();
    response.on("error", () => undefined);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return socket;
}

const QUICK = { ...LIMITS, noticeMs: 50, readMs: 300, changeMs: 300, answerBytes: 1_000_000 };
async function reader(answer: Answer, told: string[] = []): Promise<EngineReader> {
  const endpoint = parseEndpoint(`unix://${await engine(answer)}`, {});
  const tell = (text: string): void => void told.push(text);
  return openReader(new EngineConnection({ ...endpoint, tell }, QUICK));
}
const here = async (answer: Answer, ...argv: string[]): Promise<Ran> =>
  await mhlab(argv, { DOCKER_HOST: `unix://${await engine(answer)}` });

/** Writes for as long as anybody reads. */
function endless(response: ServerResponse, piece: Buffer | string): void {
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
    if (!response.destroyed) response.once("drain", more);
  };
  more();
}

test("one that says nothing is named after a while, and given up after a longer one", async () => {
  const told: string[] = [];
  const silent = await reader(() => undefined, told);
  const both = [silent.listContainers(), silent.listImages()].map(
    async (one) => await one.catch((error: unknown) => error),
  );
  for (const error of await Promise.all(both)) {
    expect(error).toMatchObject({
      code: "MHLAB_NO_ENGINE",
      message: expect.stringContaining("does not answer") as string,
    });
  }
  expect(told).toEqual([expect.stringMatching(/^the Docker engine at unix:.* has not answered for 0.05 s$/)]);
});

test("one that answers half is given up too", async () => {
  const half = await reader((_, response) => void response.writeHead(200).write("[{"));
  await expect(half.listContainers()).rejects.toMatchObject({ code: "MHLAB_ENGINE_LOST" });
});

test("a log that is silent after its beginning is followed on", async () => {
  const quiet = await reader((_, response) => {
    response.writeHead(200).flushHeaders();
    setTimeout(() => response.end(Buffer.from([1, 0, 0, 0, 0, 0, 0, 3, 0x6f, 0x6e, 0x65])), 600);
  });
  const lines: string[] = [];
  const stream = { signal: new AbortController().signal, onLine: (line: string) => lines.push(line) };
  await quiet.followLogs("c", { tail: -1, follow: true }, stream);
  expect(lines).toEqual(["one"]);
});

test("dockerode gives up as well, and crashes on nothing", async () => {
  const answers: Answer[] = [
    () => undefined,
    (_, response) => void response.writeHead(200).write("{"),
    (_, response) => endless(response.writeHead(200), Buffer.alloc(65_536, 0x20)),
  ];
  for (const answer of answers) {
    const endpoint = parseEndpoint(`unix://${await engine(answer)}`, {});
    const docker = await new EngineConnection(endpoint, QUICK).docker();
    await expect(docker.version()).rejects.toThrow(/has not answered|longer than/);
  }
});

test("an answer without end costs no more memory than the longest good one", async () => {
  const before = process.memoryUsage().rss;
  const flood = await reader((_, response) => endless(response.writeHead(200), Buffer.alloc(65_536, 0x5b)));
  await expect(flood.listContainers()).rejects.toMatchObject({ code: "MHLAB_ENGINE" });
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
});

const BOMB = `${"[".repeat(300_000)}${"]".repeat(300_000)}`;
test.each([
  ["no JSON", "<html>"],
  ["nothing", ""],
  ["an object for a list", "{}"],
  ["a number", "5"],
  ["a list of numbers", "[1]"],
  ["names that are none", '[{"Id":"a","Names":[5]}]'],
  ["labels that are none", '[{"Id":"a","Names":["/a"],"Labels":{"io.mhlab.lab":{}}}]'],
  ["lists in lists without end", BOMB],
  ["the same inside", `[{"Id":"a","Names":["/a"],"Labels":${BOMB}}]`],
])("%s for containers is a clear error", async (_, body) => {
  for (const argv of [["status"], ["down", "--all"], ["logs", "x"], ["doctor"]]) {
    const { exitCode, stdout, stderr } = await here((__, response) => response.end(body), ...argv);
    expect(`${stdout}${stderr}`).not.toContain("MHLAB_BUG");
    expect([1, 2, 3]).toContain(exitCode);
  }
});

test("an id that is a path or a second request leads nowhere", async () => {
  const asked: (string | undefined)[] = [];
  const evil = await reader(({ url, method }, response) => {
    asked.push(`${method} ${url}`);
    response.end(JSON.stringify({ Id: "../../containers/x/start?a=\r\nHost: y" }));
  });
  await evil.exec("../../images/prune", ["true"]).catch(() => undefined);
  for (const line of asked)
    expect(line).toMatch(/^(POST|GET) \/(containers\/[^/]+\/exec|exec\/[^/]+\/(start|json))$/);
  expect(asked.length).toBeGreaterThan(1);
});

const logs = async (answer: (response: ServerResponse) => void): Promise<Ran> =>
  await here(
    ({ url = "" }, response) => {
      if (url.includes("/logs")) answer(response.writeHead(200));
      else response.end(JSON.stringify([{ Id: "a", Names: ["/a"], State: "running", Labels: LABELS }]));
    },
    "logs",
    "alpha",
  );
const LABELS = { "io.mhlab.lab": "demo", "io.mhlab.name": "alpha", "io.mhlab.role": "bng" };

test("a frame of 4 GiB is read as it comes", async () => {
  const { exitCode, stdout } = await logs((response) => {
    response.write(Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]));
    response.end("one\ntwo\n");
  });
  expect([exitCode, stdout]).toEqual([0, "one\ntwo\n"]);
});

test("what is no frame is said to be none", async () => {
  expect(await logs((response) => response.end("HTTP/1.1 200 OK: it works!"))).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("this is not Docker's stream of output") as string,
  });
});

test("frames in any pieces: what was framed comes out, anything else is an error at most", () => {
  const frame = (stream: number, text: Uint8Array): Buffer => {
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(text.length, 4);
    return Buffer.concat([header, text]);
  };
  const cut = (whole: Buffer, sizes: readonly number[], push: (piece: Buffer) => void): void => {
    for (let at = 0, turn = 0; at < whole.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1;
      push(whole.subarray(at, at + size));
      at += size;
    }
  };
  const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });
  const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 })));
  fc.assert(
    fc.property(frames, sizes, (said, pieces) => {
      const out: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
      cut(
        Buffer.concat(said.map(([stream, text]) => frame(stream, text))),
        pieces,
        demultiplex((name, piece) => out[name].push(piece)),
      );
      for (const [name, stream] of [
        ["stdout", 1],
        ["stderr", 2],
      ] as const) {
        const wanted = said.filter(([one]) => one === stream).map(([, text]) => text);
        expect(Buffer.concat(out[name])).toEqual(Buffer.concat(wanted));
      }
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), sizes, (noise, pieces) => {
      let failure = "";
      try {
        cut(
          Buffer.from(noise),
          pieces,
          demultiplex(() => undefined),
        );
      } catch (error) {
        failure = (error as Error).message;
      }
      expect(["", "this is not Docker's stream of output"]).toContain(failure);
    }),
  );
});

test("a line without end is an error", () => {
  const cutter = lineCutter(() => undefined, 1000);
  const push = (): void => {
    for (let turn = 0; turn < 100; turn++) cutter.push(Buffer.alloc(100, 0x61));
  };
  expect(push).toThrow("a line is longer than 1000 characters");
});

test("a long line that ends is cut in time that grows with its length", () => {
  const lines: string[] = [];
  const cutter = lineCutter((line) => lines.push(line));
  const piece = Buffer.alloc(4096, 0x61);
  const start = performance.now();
  for (let turn = 0; turn < 4096; turn++) cutter.push(piece);
  cutter.push(Buffer.from("\r\nnext"));
  cutter.flush();
  expect(lines.map(({ length }) => length)).toEqual([4096 * 4096, 4]);
  expect(performance.now() - start).toBeLessThan(2000);
});

const KEY = "ECeUgWvfw6nscv3tXEVPx8DvEbesRgPhAVixu2cCgHA=";
function archive(entries: Readonly<Record<string, string>>): Readable {
  const made = pack();
  for (const [name, text] of Object.entries(entries)) made.entry({ name }, text);
  made.finalize();
  return made as unknown as Readable;
}

async function collected(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

test("names in an archive are only those that are looked for", async () => {
  const names = [
    "../../etc/mhlab/keys/private.key",
    "/mhlab/../../x/private.key",
    "other/private.key",
    "private.key",
  ];
  for (const name of names) expect((await readHeldFiles(archive({ [name]: KEY }))).publicKey).toBeUndefined();
  const found = await readInternetFiles(
    archive({
      "mhlab/internet.json": "{}",
      "mhlab/keys/../../../victim.key": KEY,
      "mhlab/keys/alpha.key": KEY,
    }),
  );
  expect([...(found?.publicKeys.keys() ?? [])]).toEqual(["alpha"]);
});

test("an archive that breaks off, is noise, or has no end", async () => {
  const whole = await collected(archive({ "mhlab/keys/alpha.key": KEY.repeat(100) }));
  const archives = [
    Readable.from([whole.subarray(0, 700)]),
    Readable.from([Buffer.alloc(2048, 0x78)]),
    Readable.from(
      (function* flood() {
        const made = Buffer.from(whole.subarray(0, 512));
        // A size of 8 GiB less one byte, with the checksum that belongs to it.
        made.write("77777777777\0", 124);
        made.fill(0x20, 148, 156);
        made.write(
          `${made
            .reduce((sum, byte) => sum + byte, 0)
            .toString(8)
            .padStart(6, "0")}\0 `,
          148,
        );
        yield made;
        for (;;) yield Buffer.alloc(65_536);
      })(),
    ),
  ];
  for (const one of archives)
    await expect(readHeldFiles(one)).rejects.toThrow(/end of data|header|too large/);
});
