import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openByteSink } from "../../../src/adapters/files/byte-sink.ts";
import { capture } from "../../../src/app/capture.ts";
import type { ExecBytes } from "../../../src/app/ports/exec-bytes.ts";
import { Node } from "../../../src/app/agents/node.ts";
import type { EngineReader } from "../../../src/app/ports/engine-reader.ts";
import type { Engine } from "../../../src/app/ports/engine.ts";
import { NODES } from "../../../src/core/render/nodes/registry.ts";
import type { NodeStatus } from "../../../src/core/model/status/model.ts";
import { statusLine } from "../support/agent-lines.ts";
import { lab, specs, TWO_ISPS } from "../support/planned-lab.ts";
import { configOf } from "../support/alpha.ts";

test("`capture: true` of a provider reaches its agent, and no other's", () => {
  const recording = lab(
    TWO_ISPS.replace("prefix: 2001:db8:b::/48", "prefix: 2001:db8:b::/48\n    capture: true"),
  );
  const configs = specs(recording)
    .filter(({ role }) => role === "bng")
    .map(({ name, document }) => [name, configOf(document).capture]);
  expect(configs).toEqual([
    ["alpha", false],
    ["beta", true],
  ]);
});

test("a terminal gets no binary data", () => {
  expect(() => openByteSink("-", { isTTY: true, write: () => true })).toThrow(
    "standard output is a terminal",
  );
  const pieces: Uint8Array[] = [];
  openByteSink("-", { write: (bytes) => pieces.push(bytes) }).write(new Uint8Array([7]));
  expect(pieces).toEqual([new Uint8Array([7])]);
});

const screen = { write: (): boolean => true };

test.each([
  ["/nonexistent/packets.pcapng", "there is no such file or folder"],
  ["/", "it is a folder"],
])("a file that cannot be written is named before anything is captured: %s", (target, why) => {
  expect(() => openByteSink(target, screen)).toThrow(`cannot write ${target}: ${why}`);
});

test("a disk that fills up is an error with a mend", () => {
  const sink = openByteSink("/dev/full", screen);
  expect(() => sink.write(new Uint8Array([7]))).toThrow("cannot write /dev/full: the disk is full");
});

const target = (): string => join(mkdtempSync(join(tmpdir(), "mhlab-capture-")), "packets.pcapng");
const SILENCE = { name: "alpha", state: "running", problem: { code: "x", message: "x" } } as const;

function bng(): NodeStatus {
  const blank = NODES.bng.silent(SILENCE);
  return { ...blank, uplink: { ...blank.uplink, interface: "wg-alpha" } };
}

/** A capture into a file, of a provider whose tcpdump does as said. */
async function captureInto(
  file: string,
  execBytes: ExecBytes,
  tell: (text: string) => void = () => {},
): Promise<void> {
  const sink = openByteSink(file, screen);
  const reader = {
    exec: async () => ({ exitCode: 0, stdout: `${statusLine(bng())}\n`, stderr: "" }),
  } as unknown as EngineReader;
  const engine = { reader, execBytes } as unknown as Engine;
  try {
    await capture({
      node: new Node({ name: "alpha", role: "bng", containerName: "x" }, engine),
      interfaces: ["uplink"],
      filter: undefined,
      application: "test",
      signal: AbortSignal.timeout(1300),
      write: (bytes) => sink.write(bytes),
      tell,
    });
  } finally {
    sink.close();
  }
}

test("a capture that fails makes no file, and leaves an older one as it was", async () => {
  const refuse: ExecBytes = async (_container, _argv, stream) => {
    stream.onErrorOutput(new TextEncoder().encode("tcpdump: wg-alpha: No such device exists"));
    return 1;
  };
  const file = target();
  await expect(captureInto(file, refuse)).rejects.toThrow("does not listen on wg-alpha");
  expect(existsSync(file)).toBe(false);
  writeFileSync(file, "an older capture");
  await expect(captureInto(file, refuse)).rejects.toThrow("does not listen on wg-alpha");
  expect(readFileSync(file, "utf8")).toBe("an older capture");
});

test("a capture without packets is one all the same, as soon as it listens", async () => {
  const file = target();
  await captureInto(file, async (_container, _argv, stream) => {
    stream.onErrorOutput(new TextEncoder().encode("listening on wg-alpha"));
    stream.onOutput(pcapHeader());
    await new Promise((resolve) => stream.signal.addEventListener("abort", resolve, { once: true }));
    return 0;
  });
  // A section header block (RFC draft pcapng, 4.1).
  expect(readFileSync(file).readUInt32LE(0)).toBe(0x0a0d0d0a);
});

test("each end and each new beginning is told once, however often it is tried between", async () => {
  const told: string[] = [];
  let tries = 0;
  await captureInto(
    target(),
    async (_container, _argv, stream) => {
      tries += 1;
      const says = tries === 2 ? "tcpdump: wg-alpha: That device is not up" : "listening on wg-alpha";
      stream.onErrorOutput(new TextEncoder().encode(says));
      if (tries < 3) return 1;
      await new Promise((resolve) => stream.signal.addEventListener("abort", resolve, { once: true }));
      return 0;
    },
    (text) => told.push(text),
  );
  expect(told).toEqual([
    "listening on wg-alpha",
    "wg-alpha is gone, waiting for it",
    "listening on wg-alpha",
  ]);
});

/** What tcpdump writes first: microseconds, version 2.4, raw IP. */
function pcapHeader(): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(101, 20);
  return header;
}
