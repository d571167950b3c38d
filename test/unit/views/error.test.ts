import { expect, test } from "vitest";
import { HostError, OperationError } from "../../../src/core/errors.ts";
import { errorObject, renderError } from "../../../src/views/error.ts";
import { redact } from "../../../src/views/redact.ts";

const view = { colour: false, verbose: false, version: "1.2.3", self: "mhlab" };
const KEY = "ECeUgWvfw6nscv3tXEVPx8DvEbesRgPhAVixu2cCgHA=";

test("code, message, evidence, hint, state", () => {
  const error = new OperationError("MHLAB_BUILD", "building failed", {
    evidence: ["Step 1/2 : RUN false", "code \u001b[31m1"],
    hint: "one\ntwo",
    state: "Nothing is running.",
  });
  expect(renderError(error, view)).toBe(
    [
      "error MHLAB_BUILD  building failed",
      "  │ Step 1/2 : RUN false",
      "  │ code 1",
      "hint: one",
      "      two",
      "Nothing is running.",
      "",
    ].join("\n"),
  );
});

test("hints name the engine that the user named", () => {
  const hint = "see: mhlab status, mhlab logs a; mhlab --sandbox up y; mhlab sandbox start";
  expect(renderError(new HostError("X", "x", { hint }), { ...view, self: "mhlab --sandbox" })).toContain(
    "see: mhlab --sandbox status, mhlab --sandbox logs a; mhlab --sandbox up y; mhlab sandbox start",
  );
});

test("a bug shows versions, and its stack only with -v", () => {
  const bug = new TypeError("x is undefined");
  expect(renderError(bug, view)).toContain("mhlab 1.2.3, Node ");
  expect(renderError(bug, view)).not.toContain("error.test.ts");
  expect(renderError(bug, { ...view, verbose: true })).toContain("error.test.ts");
});

test("secrets do not come out", () => {
  const leaks = [
    `WIREGUARD_PRIVATE_KEY=${KEY}`,
    `private key: ${KEY}`,
    `PrivateKey = ${KEY}`,
    "ssh://me:secret@host",
  ];
  for (const leak of leaks) {
    expect(redact(leak)).not.toMatch(/ECeUg|secret/);
    const error = new OperationError("MHLAB_BUILD", leak, { evidence: [leak], hint: leak, state: leak });
    expect(renderError(error, view)).not.toMatch(/ECeUg|secret/);
    expect(JSON.stringify(errorObject(error, "1"))).not.toMatch(/ECeUg|secret/);
    expect(renderError(new Error(leak), { ...view, verbose: true })).not.toMatch(/ECeUg|secret/);
  }
});
