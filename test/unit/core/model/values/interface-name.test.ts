import { expect, test } from "vitest";
import { parseInterfaceName } from "../../../../../src/core/model/values/parse.ts";

test.each(["eth0", "enp2s0", "br-lab", "wan.101", "lan@home", "größe", "a+b"])(
  "%s can name an interface",
  (name) => {
    expect(parseInterfaceName(name)).toBe(name);
  },
);

test.each([
  'a"; drop; "',
  "a'b",
  "a`b",
  "a\\b",
  "eth*",
  "eth?",
  "a#b",
  "$IF",
  "a\u0007",
  "a b",
  "a/b",
  "a:b",
  "a%b",
  "..",
  "",
])("%j reaches neither nft nor BIRD", (name) => {
  expect(parseInterfaceName(name)).toBeUndefined();
});
