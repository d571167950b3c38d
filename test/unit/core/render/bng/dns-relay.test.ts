import { expect, test } from "vitest";
import { renderStands, standsOf } from "../../../../../src/core/render/bng/dns-relay.ts";
import { alphaConfig } from "../../../support/alpha.ts";

const config = alphaConfig({ dns: "[2001:db8::53, 2001:db8::54]" });

test("each resolver has a stand of its own, while anything else than the truth is told", () => {
  expect(standsOf(config, {})).toEqual([]);
  expect(standsOf(config, { delayMs: 1000 })).toEqual([
    { resolver: "2001:db8::53", address: "2001:db8:a::1", port: 5300 },
    { resolver: "2001:db8::54", address: "2001:db8:a::1", port: 5301 },
  ]);
});

test("questions are led there, and the table goes with the last of them", () => {
  expect(renderStands(config, standsOf(config, { known: [] }))).toContain(
    "ip6 daddr 2001:db8::54 meta l4proto { tcp, udp } th dport 53 dnat to [2001:db8:a::1]:5301",
  );
  expect(renderStands(config, [])).toBe("table ip6 mhlab-resolvers {}\ndelete table ip6 mhlab-resolvers\n");
});
