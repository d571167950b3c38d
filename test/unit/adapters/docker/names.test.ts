import { expect, test } from "vitest";
import { engineError } from "../../../../src/adapters/docker/errors.ts";
import { rememberName } from "../../../../src/adapters/docker/names.ts";

const KNOWN = "3f2a".repeat(16);
const STRANGE = "c0de".repeat(16);

test("people read names of containers, not their 64 digits", () => {
  rememberName(KNOWN, "mhlab-two-isps-alpha");
  const error = engineError(
    { message: `container ${KNOWN} is not running, nor ${STRANGE}` },
    `run agent status in ${KNOWN}`,
  );
  expect([error.message, ...error.evidence]).toEqual([
    "the Docker engine could not run agent status in mhlab-two-isps-alpha",
    "container mhlab-two-isps-alpha is not running, nor c0dec0dec0de",
  ]);
  const lost = engineError({ code: "ECONNRESET", message: "socket hang up" }, `remove ${KNOWN}`);
  expect(lost.message).toBe("the Docker engine went away while mhlab wanted to remove mhlab-two-isps-alpha");
});
