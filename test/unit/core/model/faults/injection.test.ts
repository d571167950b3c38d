import { expect, test } from "vitest";
import { readInjection, type InjectionError } from "../../../../../src/core/model/faults/injection.ts";

test.each([
  ["upstream-blackhole", {}, { direction: "both", options: {} }],
  [
    "upstream-blackhole",
    { for: "1m30s", direction: "up", from: "2001:db8:A::/56", protocol: "tcp" },
    { direction: "up", forMs: 90_000, options: { from: "2001:db8:a::/56", protocol: "tcp" } },
  ],
  ["ra-mtu-lie", { for: "500ms" }, { direction: "down", forMs: 500, options: { mtu: "9000" } }],
  ["bng-crash", {}, { direction: "both", options: {} }],
])("%s with %o", (kind, given, expected) => {
  expect(readInjection(kind, given)).toMatchObject({ kind, ...expected });
});

test("options that do not count beside others are not kept", () => {
  const kept = (given: Record<string, string>): string[] =>
    Object.keys(readInjection("line-loss", given).options);
  expect(kept({ share: "5%" })).toEqual(["share"]);
  expect(kept({ "good-to-bad": "1%" })).toEqual(["good-to-bad", "bad-to-good", "loss-in-bad"]);
});

test.each([
  ["upstream-blackhol", {}, /no fault 'upstream-blackhol'/, /did you mean upstream-blackhole\?/],
  ["dance", {}, /no fault 'dance'/, /mhlab fault kinds/],
  ["ra-stop", { mtu: "9000" }, /ra-stop has no option 'mtu'/, /it has none/],
  ["ra-mtu-lie", { mut: "9000" }, /no option 'mut'/, /did you mean mtu\?/],
  ["ra-mtu-lie", { mtu: "12" }, /mtu of ra-mtu-lie is '12'/, /1280 to 65535/],
  ["ra-stop", { direction: "up" }, /cannot be 'up'/, /right would be down/],
  ["ra-stop", { for: "30" }, /'30' is not how long/, /30s/],
  ["ra-stop", { for: "1ms" }, /'1ms' is not how long/, /100ms/],
  ["bng-crash", { for: "30s" }, /happens once/, /--for/],
  ["upstream-blackhole", { from: "2001:db8::1/200" }, /from of upstream-blackhole/, /IPv6 prefix/],
  ["upstream-blackhole", { protocol: "sctp" }, /protocol of upstream-blackhole/, /tcp, udp, icmpv6/],
])("%s with %o is refused", (kind, given, message, hint) => {
  const said = (): InjectionError => {
    try {
      throw new Error(`it is read as ${JSON.stringify(readInjection(kind, given))}`);
    } catch (error) {
      return error as InjectionError;
    }
  };
  expect(said().message).toMatch(message);
  expect(said().hint).toMatch(hint);
});
