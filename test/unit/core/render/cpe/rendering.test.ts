import { expect, test } from "vitest";

import { parseRdisc } from "../../../../../src/core/render/cpe/advertisement.ts";
import { renderDhcpcd } from "../../../../../src/core/render/cpe/dhcpcd.ts";
import { nextDelegations } from "../../../../../src/core/render/cpe/delegations.ts";
import { renderFilter } from "../../../../../src/core/render/cpe/filter.ts";
import { duidOf, linkLocalOf, stableMac } from "../../../../../src/core/render/cpe/identity.ts";
import { renderRadvd } from "../../../../../src/core/render/cpe/radvd.ts";

const lease = { value: "2001:db8:a:8000::/56", preferredUntil: 2800, validUntil: 15_400 };
const active = nextDelegations([], [[lease]], 1000);
const lost = nextDelegations(active, [[]], 1000);

test("an active delegation is advertised for as long as the lease, within RFC 9096's caps, counting down", () => {
  expect(renderRadvd("lan0", active, ["2001:db8::1"], 1000)).toBe(`interface lan0 {
  AdvSendAdvert on;
  IgnoreIfMissing on;
  MinRtrAdvInterval 10;
  MaxRtrAdvInterval 30;
  AdvDefaultLifetime 2700;
  prefix 2001:db8:a:8001::/64 {
    AdvOnLink on; AdvAutonomous on; DecrementLifetimes on;
    AdvValidLifetime 5400;
    AdvPreferredLifetime 1800;
  };
  route 2001:db8:a:8000::/56 { AdvRouteLifetime 5400; RemoveRoute on; };
  RDNSS 2001:db8::1 { AdvRDNSSLifetime 2700; };
};
`);
});

test("a lost one is advertised with preferred lifetime zero, told by radvd because it does not count down", () => {
  const text = renderRadvd("lan0", lost, [], 3000);
  expect(text).toContain("DecrementLifetimes off;\n    AdvValidLifetime 5200;\n    AdvPreferredLifetime 0;");
  expect(text).toContain("AdvDefaultLifetime 0;");
  expect(text).not.toContain("RDNSS");
});

test("one that its provider replaced is advertised as gone, until it is active again (RFC 9096 L-13)", () => {
  const other = { ...lease, value: "2001:db8:c:8000::/56" };
  const replaced = nextDelegations(active, [[other]], 1000);
  const gone = "AdvValidLifetime 0;\n    AdvPreferredLifetime 0;";
  expect(renderRadvd("lan0", replaced, [], 1000)).toContain(gone);
  const back = nextDelegations(replaced, [[lease]], 1000);
  expect(renderRadvd("lan0", back.slice(0, 1), [], 1000)).not.toContain(gone);
  // Its WAN does not work: that is known of none.
  expect(renderRadvd("lan0", nextDelegations(active, [[]], 1000), [], 1000)).not.toContain(gone);
});

test("a /64 has no route of its own, and local addresses stay inside unless they are delegated", () => {
  const small = nextDelegations([], [[{ ...lease, value: "2001:db8:a:1::/64" }]], 1000);
  expect(renderRadvd("lan0", small, [], 1000)).not.toContain("route ");
  expect(renderFilter("lan0", active)).toContain('oifname "wan*" ip6 daddr fc00::/7 counter reject');
  const local = nextDelegations([], [[{ ...lease, value: "fd00:a:8000::/56" }]], 1000);
  expect(renderFilter("lan0", local)).not.toContain("fc00::/7");
});

test("the filter accepts the sources of usable delegations only", () => {
  expect(renderFilter("lan0", active)).toContain(
    "ip6 saddr { fe80::/10, ::/128, 2001:db8:a:8000::/56 } accept",
  );
  expect(renderFilter("lan0", lost)).toContain("ip6 saddr { fe80::/10, ::/128 } accept");
  expect(renderFilter("lan0", lost)).toContain("reject with icmpv6 type policy-fail");
});

test("the DHCPv6 client asks for an address and a prefix with its own IAID", () => {
  const text = renderDhcpcd("wan1", 2, "00:03:00:01:02:6d:00:00:00:01");
  expect(text).toContain("interface wan1\n  iaid 2\n  ia_na 2\n  ia_pd 2/::/56\n");
  expect(text).toContain("duid 00:03:00:01:02:6d:00:00:00:01\n");
  expect(text).toContain("option rapid_commit\n");
});

test("MAC addresses are stable, local, and give their EUI-64 address", () => {
  expect(stableMac("home")).toBe(stableMac("home"));
  expect(stableMac("home")).not.toBe(stableMac("home/alpha"));
  expect(stableMac("home")).toMatch(/^02(:[0-9a-f]{2}){5}$/);
  // RFC 4291, appendix A: the universal/local bit is inverted.
  expect(linkLocalOf("34:56:78:9a:bc:de")).toBe("fe80::3656:78ff:fe9a:bcde");
  expect(duidOf("02:00:00:00:00:01")).toBe("00:03:00:01:02:00:00:00:00:01");
});

test("DNS servers and search domains are read from rdisc6", () => {
  const text = `Soliciting ff02::2 (ff02::2) on eth0...

Hop limit                 :           64 (      0x40)
 Prefix                   : 2001:db8:b:8001::/64
 Recursive DNS server     : 2001:db8::1
 Recursive DNS server     : 2001:db8::2
  DNS server lifetime     :         1800 (0x00000708) seconds
 DNS search list          : lab.example.
  DNS search list lifetime:         1800 (0x00000708) seconds
 from fe80::1
`;
  expect(parseRdisc(text)).toEqual({ servers: ["2001:db8::1", "2001:db8::2"], search: ["lab.example"] });
});
