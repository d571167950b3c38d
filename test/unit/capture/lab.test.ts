import { expect, test } from "vitest";
import { openByteSink } from "../../../src/adapters/files/byte-sink.ts";
import { readBngEnvironment } from "../../../src/core/bng/environment.ts";
import { lab, specs, TWO_ISPS } from "../plan/lab.ts";

test("`capture: true` of a provider reaches its agent, and no other's", () => {
  const recording = lab(
    TWO_ISPS.replace("prefix: 2001:db8:b::/48", "prefix: 2001:db8:b::/48\n    capture: true"),
  );
  const configs = specs(recording)
    .filter(({ role }) => role === "bng")
    .map(({ name, env }) => [name, env["CAPTURE"], readBngEnvironment(env).config?.capture]);
  expect(configs).toEqual([
    ["alpha", undefined, false],
    ["beta", "yes", true],
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

test("a file that cannot be written is named", () => {
  expect(() => openByteSink("/nonexistent/packets.pcapng", { write: () => true })).toThrow(
    "cannot write /nonexistent/packets.pcapng",
  );
});
