import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  containerName,
  linkName,
  MAX_INTERFACE_NAME,
  MAX_PROVIDER_NAME,
  stableHash,
  wireguardInterface,
} from "../../../../src/core/model/names.ts";

const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,11}$/);

describe("names", () => {
  test("the longest provider's tunnel still fits an interface name", () => {
    expect(wireguardInterface("x".repeat(MAX_PROVIDER_NAME))).toHaveLength(MAX_INTERFACE_NAME);
  });

  test("containers are called after lab and role", () => {
    expect(containerName("two-isps", "alpha")).toBe("mhlab-two-isps-alpha");
  });

  test("the hash is FNV-1a, so names survive a new version", () => {
    expect(stableHash("")).toBe(0x811c9dc5);
    expect(stableHash("a")).toBe(0xe40c292c);
    expect(stableHash("foobar")).toBe(0xbf9cf968);
  });

  test("links fit an interface name, and differ by lab and by end", () => {
    fc.assert(
      fc.property(name, name, name, (lab, one, other) => {
        expect(linkName(lab, one, other)).toMatch(/^mh[0-9a-f]{8}$/);
        expect(linkName(lab, one, other)).toBe(linkName(lab, one, other));
        expect(linkName(`${lab}x`, one, other)).not.toBe(linkName(lab, one, other));
      }),
    );
    expect(linkName("lab", "alpha", "home")).not.toBe(linkName("lab", "home", "alpha"));
  });
});
