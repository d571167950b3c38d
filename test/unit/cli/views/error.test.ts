import { expect, test } from "vitest";
import { asCalled } from "../../../../src/cli/self.ts";
import { commands } from "../../../../src/cli/commands/registry.ts";
import { HostError, LabFileError, OperationError } from "../../../../src/core/model/errors.ts";
import { errorObject, renderError } from "../../../../src/cli/views/error.ts";
import { redact } from "../../../../src/cli/views/redact.ts";

const view = { colour: false, verbose: false, version: "1.2.3", asCalled: (text: string) => text };
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
  const self = (text: string): string => asCalled(text, "mhlab --sandbox");
  const hint = "see: mhlab status, mhlab keys show a; mhlab --sandbox up y; mhlab sandbox start";
  expect(renderError(new HostError("MHLAB_NO_ENGINE", "x", { hint }), { ...view, asCalled: self })).toContain(
    "see: mhlab --sandbox status, mhlab --sandbox keys show a; mhlab --sandbox up y; mhlab sandbox start",
  );
  const asking = commands.filter(({ asksEngine }) => asksEngine !== false).map(({ path }) => path.join(" "));
  expect(asking).toEqual(expect.arrayContaining(["up", "doctor", "keys rotate", "provider add"]));
  for (const path of asking) expect(self(`mhlab ${path}`)).toBe(`mhlab --sandbox ${path}`);
  expect(self("mhlab validate lab.yaml: mhlab is fine")).toBe("mhlab validate lab.yaml: mhlab is fine");
});

test.each([
  "Key is not the correct length or format: `GHAvVeSYlvYnCsabroken'",
  "PrivateKey = GHAvVeSYlvYnCsab2rFbbroken",
  "WIREGUARD_PRIVATE_KEY=broken",
])("a key that is broken is hidden like a good one: %s", (line) => {
  const error = new OperationError("MHLAB_ENGINE", line, {
    evidence: [line],
    hint: line,
    state: line,
    cause: line,
  });
  expect(renderError(error, { ...view, verbose: true })).not.toContain("broken");
  expect(JSON.stringify(errorObject(error, "1"))).not.toContain("broken");
});

test("more can be said of an error, which stays what it is", () => {
  const cause = new Error("why");
  const before = new LabFileError([], { hint: "old", cause });
  const after = before.with({ hint: "new", state: "Nothing runs." });
  expect(after).toBeInstanceOf(LabFileError);
  expect(after).toMatchObject({
    name: "LabFileError",
    code: "MHLAB_LAB_INVALID",
    exitCode: 2,
    message: before.message,
    diagnostics: [],
    evidence: [],
    hint: "new",
    state: "Nothing runs.",
    cause,
    stack: before.stack,
  });
  expect(before.hint).toBe("old");
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
