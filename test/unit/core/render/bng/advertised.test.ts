import { expect, test } from "vitest";
import { advertisedFields } from "../../../../../src/core/render/bng/advertised.ts";
import { renderBird } from "../../../../../src/core/render/bng/bird.ts";
import { alphaConfig } from "../../../support/alpha.ts";

const valueOf = (bird: string, name: string): string[] =>
  advertisedFields(bird).flatMap((field) => (field.name === name ? [field.value] : []));

test("what BIRD is told to advertise is told field by field, as faults make it", () => {
  const config = alphaConfig({ dns: "[2001:db8:a::53, 2001:db8:a::54]", "dns-search": "[example.net]" });
  const bird = renderBird(config, 0);
  expect(advertisedFields(bird)).toEqual([
    { name: "Longest time between two", value: "60 s" },
    { name: "M: addresses by DHCPv6", value: "yes" },
    { name: "O: other configuration by DHCPv6", value: "yes" },
    { name: "MTU", value: expect.stringMatching(/^14\d0$/) as string },
    { name: "Router lifetime", value: "1800 s" },
    { name: "Default router preference", value: "medium" },
    { name: "Prefix 2001:db8:a::/64", value: "on-link, autonomous, preferred 1800 s, valid 14400 s" },
    { name: "DNS server", value: "2001:db8:a::53" },
    { name: "DNS server", value: "2001:db8:a::54" },
    { name: "DNS search domain", value: "example.net" },
  ]);
  expect(valueOf(renderBird(config, 0, { mtu: 9000, lifetimeS: 0 }), "MTU")).toEqual(["9000"]);
});

test("the other forms of BIRD's words, and options that it has no words for", () => {
  const bird = [
    "  route 2001:db8:ff::/48 unreachable { ra_preference = RA_PREF_HIGH; ra_lifetime = 600; };",
    "    prefix ::/0 { skip; };",
    "    rdnss { ns 2001:db8::1; lifetime 300; };",
    '    dnssl { domain "example.org"; };',
    `    custom option type 3 value hex:40:d0:00:00:0e:10:00:00:07:08:00:00:00:00:20:01:0d:b8:00:0a${":00".repeat(10)};`,
    "    custom option type 38 value hex:02580064ff9b0000000000000000;",
    `    custom option type 37 value hex:${Buffer.from("https://p.example/").toString("hex")}0000;`,
    "    custom option type 21 value hex:0000000003707664076578616d706c6500;",
    "    custom option type 200 value hex:0102;",
    "    something new 7;",
  ].join("\n");
  expect(advertisedFields(bird)).toEqual([
    { name: "Route 2001:db8:ff::/48", value: "high preference, 600 s" },
    { name: "DNS server", value: "2001:db8::1, 300 s" },
    { name: "DNS search domain", value: "example.org" },
    {
      name: "Prefix 2001:db8:a::/64",
      value: "on-link, autonomous, P: delegation preferred, preferred 1800 s, valid 3600 s",
    },
    { name: "NAT64 prefix", value: "64:ff9b::/96, 600 s" },
    { name: "Captive portal", value: "https://p.example/" },
    { name: "Provisioning domain", value: "pvd.example" },
    { name: "Option 200", value: "2 bytes" },
  ]);
});
