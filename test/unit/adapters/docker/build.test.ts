import { chmod, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BuildReader } from "../../../../src/adapters/docker/build.ts";
import { imagesToBuild } from "../../../../src/adapters/docker/context.ts";
import { demultiplex, lineCutter } from "../../../../src/adapters/docker/frames.ts";

const image = { role: "bng", reference: "mhlab/bng:1" } as const;

function read(events: readonly object[]): { steps: string[]; reader: BuildReader } {
  const steps: string[] = [];
  const reader = new BuildReader((line) => steps.push(line));
  for (const event of events) reader.read(JSON.stringify(event));
  return { steps, reader };
}

test("a good build tells its steps and no error", () => {
  const { steps, reader } = read([
    { stream: "Step 1/2 : FROM debian\n" },
    { stream: " ---> 12ab\nStep 2/2 : RUN true\n" },
    { stream: "Successfully built 12ab\n" },
  ]);
  expect(steps).toEqual(["Step 1/2 : FROM debian", "Step 2/2 : RUN true"]);
  expect(reader.error(image)).toBeUndefined();
});

test("a failed build is an error with the step and its last lines, though the request succeeded", () => {
  const noise = Array.from({ length: 30 }, (_, index) => ({ stream: `line ${index}\n` }));
  const { reader } = read([
    { stream: "Step 1/1 : RUN apt-get install nothing\n" },
    ...noise,
    {
      errorDetail: { code: 100, message: "returned a non-zero code: 100" },
      error: "returned a non-zero code: 100",
    },
  ]);
  const error = reader.error(image);
  expect(error?.code).toBe("MHLAB_BUILD");
  expect(error?.evidence[0]).toBe("Step 1/1 : RUN apt-get install nothing");
  expect(error?.evidence).toHaveLength(22);
  expect(error?.evidence.at(-1)).toBe("returned a non-zero code: 100");
});

test("a build that just ends is no success", () => {
  expect(read([{ stream: "Step 1/2 : FROM debian\n" }]).reader.error(image)?.code).toBe("MHLAB_BUILD");
});

async function contexts(change: (folder: string) => Promise<void> = async () => {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mhlab-images-"));
  for (const role of ["bng", "internet", "cpe", "cpe-others"]) {
    await mkdir(join(folder, role));
    await writeFile(join(folder, role, "Dockerfile"), `FROM ${role}`, { mode: 0o644 });
    await writeFile(join(folder, role, "agent.js"), "agent", { mode: 0o644 });
  }
  await change(folder);
  return folder;
}

async function tag(change?: (folder: string) => Promise<void>): Promise<string> {
  return (await imagesToBuild(await contexts(change))).bng.reference;
}

test("an image's tag depends on content, name and executable bit of its files, nothing else", async () => {
  const plain = await tag();
  expect(plain).toMatch(/^mhlab\/bng:[0-9a-f]{12}$/);
  expect(await tag()).toBe(plain);
  expect(await tag((folder) => chmod(join(folder, "bng", "agent.js"), 0o600))).toBe(plain);
  expect(await tag((folder) => chmod(join(folder, "bng", "agent.js"), 0o755))).not.toBe(plain);
  expect(await tag((folder) => writeFile(join(folder, "bng", "agent.js"), "other"))).not.toBe(plain);
  expect(await tag((folder) => writeFile(join(folder, "bng", "more"), ""))).not.toBe(plain);
});

test("an agent that is not built is an error that names the command", async () => {
  const { rm } = await import("node:fs/promises");
  const folder = await contexts((made) => rm(join(made, "cpe", "agent.js")));
  await expect(imagesToBuild(folder)).rejects.toMatchObject({
    code: "MHLAB_IMAGE_INCOMPLETE",
    hint: "make it with: npm run build",
  });
});

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

test("Docker's frames come apart wherever the pieces are cut", () => {
  const whole = Buffer.concat([frame(1, "one\ntw"), frame(2, "err\n"), frame(1, "o\nünd")]);
  for (let size = 1; size <= whole.length; size++) {
    const lines: string[] = [];
    const out = lineCutter((line) => lines.push(line));
    const err = lineCutter((line) => lines.push(`! ${line}`));
    const take = demultiplex((stream, piece) => (stream === "stdout" ? out : err).push(piece));
    for (let at = 0; at < whole.length; at += size) take(whole.subarray(at, at + size));
    out.flush();
    expect(lines).toEqual(["one", "! err", "two", "ünd"]);
  }
});
