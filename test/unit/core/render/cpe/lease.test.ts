import { expect, test } from "vitest";

import { parseLease } from "../../../../../src/core/render/cpe/lease.ts";

/** As dhcpcd 10.1 gives it to its hook. */
const bound = `at=1000
new_dhcp6_client_id=000300013e5262276232
new_dhcp6_ia_na1_ia_addr1=2001:db8:a::1001
new_dhcp6_ia_na1_ia_addr1_pltime=60
new_dhcp6_ia_na1_ia_addr1_vltime=120
new_dhcp6_ia_na1_iaid=00000001
new_dhcp6_ia_na1_t1=20
new_dhcp6_ia_na1_t2=40
new_dhcp6_ia_pd1_iaid=00000001
new_dhcp6_ia_pd1_prefix1=2001:db8:a:8100::
new_dhcp6_ia_pd1_prefix1_length=56
new_dhcp6_ia_pd1_prefix1_pltime=60
new_dhcp6_ia_pd1_prefix1_vltime=120
new_dhcp6_name_servers=2001:db8::1 2001:db8::2
new_dhcp6_rapid_commit=
`;

test("an address, a delegated prefix and DNS servers are read with the times at which they end", () => {
  expect(parseLease(bound)).toEqual({
    addresses: [{ value: "2001:db8:a::1001", preferredUntil: 1060, validUntil: 1120 }],
    prefixes: [{ value: "2001:db8:a:8100::/56", preferredUntil: 1060, validUntil: 1120 }],
    dns: ["2001:db8::1", "2001:db8::2"],
  });
});

test("of an old prefix with lifetimes of zero and a new one, the new one counts", () => {
  const swapped = bound
    .replace("vltime=120\nnew_dhcp6_name", "vltime=0\nnew_dhcp6_name")
    .replace(
      "new_dhcp6_rapid_commit=\n",
      [
        "new_dhcp6_ia_pd1_prefix2=2001:db8:c:8000::",
        "new_dhcp6_ia_pd1_prefix2_length=56",
        "new_dhcp6_ia_pd1_prefix2_pltime=30",
        "new_dhcp6_ia_pd1_prefix2_vltime=90",
        "",
      ].join("\n"),
    );
  const fresh = { value: "2001:db8:c:8000::/56", preferredUntil: 1030, validUntil: 1090 };
  expect(parseLease(swapped)?.prefixes).toEqual([fresh]);
  const deprecated = swapped.replace(
    "pltime=60\nnew_dhcp6_ia_pd1_prefix1_vltime=0",
    "pltime=0\nnew_dhcp6_ia_pd1_prefix1_vltime=60",
  );
  expect(parseLease(deprecated)?.prefixes).toEqual([
    fresh,
    { value: "2001:db8:a:8100::/56", preferredUntil: 1000, validUntil: 1060 },
  ]);
});

test("an address without prefix is a lease without delegation", () => {
  const addressOnly = bound
    .split("\n")
    .filter((line) => !line.includes("ia_pd"))
    .join("\n");
  expect(parseLease(addressOnly)?.prefixes).toEqual([]);
  expect(parseLease(addressOnly)?.addresses).toHaveLength(1);
});

test("a file that is empty or half written is no lease", () => {
  expect(parseLease("")).toBeUndefined();
  expect(parseLease("new_dhcp6_rapid_commit=\n")).toBeUndefined();
});
