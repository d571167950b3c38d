import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareVersions } from "../../../../src/features/sbom/debian-version.ts";
import {
  readTracker,
  vulnerabilitiesOf,
  vulnerabilityFindings,
} from "../../../../src/features/sbom/tracker.ts";

/** What dpkg itself says. */
function dpkgSays(one: string, other: string): number {
  const is = (operator: string): boolean => {
    try {
      execFileSync("dpkg", ["--compare-versions", one, operator, other], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  };
  return is("lt") ? -1 : is("gt") ? 1 : 0;
}

test.each([
  ["1.0", "1.0"],
  ["1.0~rc1", "1.0"],
  ["1.0", "1.0-1"],
  ["1:0.1", "2.0"],
  ["2.17.1-1+b1", "2.17.1-1"],
  ["2.6.3-1~deb13u1", "2.6.3-1"],
  ["1.10", "1.9"],
  ["1.0a", "1.0+"],
  ["3.0.17-1~deb12u2", "3.0.17-1~deb12u3"],
  ["1.0-0", "1.0"],
])("%s and %s are in the order that dpkg says", (one, other) => {
  expect(Math.sign(compareVersions(one, other))).toBe(dpkgSays(one, other));
  expect(Math.sign(compareVersions(other, one))).toBe(dpkgSays(other, one));
});

test("any two versions are in the order that dpkg says", () => {
  const version = fc.stringMatching(/^[0-9][0-9a-c.+~]{0,5}(-[0-9a-c.+~]{1,3})?$/);
  fc.assert(
    fc.property(version, version, (one, other) => {
      expect(Math.sign(compareVersions(one, other))).toBe(dpkgSays(one, other));
    }),
    { numRuns: 50 },
  );
});

const issue = (about: Readonly<Record<string, string>>): unknown => ({ releases: { trixie: about } });
const TRACKER = {
  bird2: {
    "CVE-1": issue({ status: "resolved", fixed_version: "2.17.2-1", urgency: "not yet assigned" }),
    "CVE-2": issue({ status: "resolved", fixed_version: "2.17.1-1", urgency: "high" }),
    "CVE-3": issue({ status: "open", urgency: "low" }),
    "CVE-4": issue({ status: "open", urgency: "unimportant" }),
    "CVE-5": { releases: { bookworm: { status: "open", urgency: "high" } } },
    "CVE-6": issue({ status: "resolved", fixed_version: "0", urgency: "high" }),
    "CVE-7": "no object",
  },
  other: { "CVE-8": issue({ status: "open", urgency: "high" }) },
};
const CONTENT = {
  release: "13",
  node: null,
  packages: [
    {
      name: "bird2",
      version: "2.17.1-1+b1",
      architecture: "amd64",
      source: "bird2",
      sourceVersion: "2.17.1-1",
    },
    { name: "constructor", version: "1", architecture: "all", source: "constructor", sourceVersion: "1" },
  ],
};

test("what is open, or fixed by a newer version, counts; a fix is named first", () => {
  expect(vulnerabilitiesOf(CONTENT, TRACKER)).toEqual([
    { id: "CVE-1", source: "bird2", version: "2.17.1-1", fixedBy: "2.17.2-1", urgency: "not yet assigned" },
    { id: "CVE-3", source: "bird2", version: "2.17.1-1", fixedBy: null, urgency: "low" },
  ]);
});

test("a finding says what a rebuild fixes, and how to rebuild", () => {
  const [finding] = vulnerabilityFindings([{ reference: "mhlab/bng:1", content: CONTENT }], TRACKER);
  expect(finding).toEqual({
    id: "vulnerabilities-mhlab/bng:1",
    level: "warn",
    message:
      "mhlab/bng:1: 1 known vulnerability that an update fixes: CVE-1 (bird2 2.17.1-1, fixed in 2.17.2-1); for 1 more vulnerability Debian has no fix yet",
    mend: "mhlab image build --force, then mhlab down and mhlab up",
  });
  const [fine] = vulnerabilityFindings([{ reference: "mhlab/bng:1", content: CONTENT }], {});
  expect(fine?.level).toBe("ok");
});

test("only the tracker's data are taken for them", () => {
  expect(readTracker(JSON.stringify(TRACKER))).toEqual(TRACKER);
  for (const text of ["", "[]", "{}", "<html>", '{"bird2": 1}', '{"bird2": {"CVE-1": {}}}'])
    expect(readTracker(text)).toBeUndefined();
});
