import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BngConfig } from "../../../../src/core/bng/config.ts";
import {
  readBngEnvironment,
  writeBngEnvironment,
  type Environment,
} from "../../../../src/core/bng/environment.ts";
import { formatIp6, formatPrefix6, parsePrefix6 } from "../../../../src/core/ip6.ts";
import { LINK_FORMS_TEXT } from "../../../../src/core/links/environment.ts";
import { deriveLinkLocal } from "../../../../src/core/settings/router-advertisement.ts";
import { bngConfig } from "../../support/bng-config.ts";

const PUBLIC = "vIvVN8cjlg56fP1L5LeBfNFj9NwH5i3UEhqgHIUCpRQ=";
const SECRET = "YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

/** The example values of the original description of the image. */
const SEED: Environment = {
  WIREGUARD_INTERFACE_SUFFIX: "provider1",
  WIREGUARD_PRIVATE_KEY: SECRET,
  WIREGUARD_PEER: PUBLIC,
  WIREGUARD_ADDRESS: "2001:db8:0:0::2/64",
  WIREGUARD_ENDPOINT: "192.0.2.42:51820",
  ASSIGNED_PREFIX: "2001:db8:ffff:0::",
  SUBSCRIBER_INTERFACE: "enp2s0",
};

function configOf(env: Environment): BngConfig {
  const { config, errors } = readBngEnvironment(env);
  if (config === undefined) throw new Error(errors.map(({ message }) => message).join("\n"));
  return config;
}

const messages = (env: Environment): string[] =>
  (readBngEnvironment(env).errors ?? []).map(({ message }) => message);

describe("the seven variables of the original", () => {
  test("make a complete provider, with its example values", () => {
    const config = configOf(SEED);
    expect(config.name).toBe("provider1");
    expect(config.wireguard.interface).toBe("wg-provider1");
    expect(config.wireguard.privateKey).toEqual({ value: SECRET });
    expect([formatIp6(config.wireguard.address), config.wireguard.addressLength]).toEqual([
      "2001:db8::2",
      64,
    ]);
    expect(config.wireguard.endpoint).toEqual({ host: "192.0.2.42", port: 51_820 });
    expect([config.wireguard.mtu, config.wireguard.keepaliveS]).toEqual([1420, 25]);
    expect(formatPrefix6(config.prefix)).toBe("2001:db8:ffff::/48");
    expect(formatPrefix6(config.transfer)).toBe("2001:db8:ffff::/64");
    expect(config.pool && formatPrefix6(config.pool)).toBe("2001:db8:ffff:8000::/49");
    expect(config.delegatedLength).toBe(56);
    expect(config.lifetimes).toEqual({ preferredS: 1800, validS: 14_400, renewS: 900, rebindS: 1440 });
    expect(config.ra).toEqual({
      managed: true,
      other: true,
      preference: "medium",
      lifetimeS: 1800,
      intervalS: 60,
      mtu: undefined,
      solicited: "unicast",
      onLink: true,
      autonomous: true,
      pdPreferred: false,
    });
    expect(config.subscriber).toEqual({ interface: "enp2s0", link: { kind: "claim" } });
    expect(config.sourceValidation).toBe("reject");
    expect(config.linkLocal).toBe(deriveLinkLocal("provider1"));
    expect([config.dns, config.dnsSearch, config.probe]).toEqual([[], [], undefined]);
  });

  test("each of them is missed when it is not set, all in one go", () => {
    expect(messages({})).toEqual([
      "WIREGUARD_INTERFACE_SUFFIX is not set; right would be 1 to 12 characters of A-Z a-z 0-9 _ . -, for example provider1",
      "ASSIGNED_PREFIX is not set; right would be a prefix from /32 to /64 such as 2001:db8:ffff::/48; a bare address means /48",
      "WIREGUARD_PRIVATE_KEY is not set; give the key itself, or WIREGUARD_PRIVATE_KEY_FILE with the path of a file that holds it",
      "WIREGUARD_ENDPOINT is not set; right would be 192.0.2.42:51820, [2001:db8::1]:51820 or name:port",
      "WIREGUARD_PEER is not set; right would be a public key: 44 characters of base64",
      "WIREGUARD_ADDRESS is not set; right would be an IPv6 address, with or without length, such as 2001:db8:0:a::2/64",
      "SUBSCRIBER_INTERFACE is not set; right would be an interface name of 1 to 15 characters, for example enp2s0",
    ]);
    expect(messages(Object.fromEntries(Object.keys(SEED).map((key) => [key, "  "])))).toEqual(messages({}));
  });
});

describe("forms that are accepted", () => {
  test.each([
    ["2001:db8:ffff::/48", "2001:db8:ffff::/48"],
    ["2001:db8::/32", "2001:db8::/32"],
    ["2001:db8:ffff:1::/64", "2001:db8:ffff:1::/64"],
    [" 2001:db8:ffff:0:: ", "2001:db8:ffff::/48"],
  ])("ASSIGNED_PREFIX %s", (text, prefix) => {
    expect(formatPrefix6(configOf({ ...SEED, ASSIGNED_PREFIX: text }).prefix)).toBe(prefix);
  });

  test.each([
    ["[2001:db8::1]:51820", { host: "2001:db8::1", port: 51_820 }],
    ["vpn.example.net:1", { host: "vpn.example.net", port: 1 }],
    ["localhost:65535", { host: "localhost", port: 65_535 }],
  ])("WIREGUARD_ENDPOINT %s", (text, endpoint) => {
    expect(configOf({ ...SEED, WIREGUARD_ENDPOINT: text }).wireguard.endpoint).toEqual(endpoint);
  });

  test("an address without length is a /128", () => {
    expect(configOf({ ...SEED, WIREGUARD_ADDRESS: "2001:db8::2" }).wireguard.addressLength).toBe(128);
  });

  test("a key file goes before a key", () => {
    const env = { ...SEED, WIREGUARD_PRIVATE_KEY_FILE: "/run/key" };
    expect(configOf(env).wireguard.privateKey).toEqual({ file: "/run/key" });
  });

  test.each(["yes", "true", "ON", "1"])("RA_MANAGED %s", (text) => {
    expect(configOf({ ...SEED, RA_MANAGED: text }).ra.managed).toBe(true);
  });
  test.each(["no", "False", "off", "0"])("RA_OTHER %s", (text) => {
    expect(configOf({ ...SEED, RA_OTHER: text }).ra.other).toBe(false);
  });

  test("lists take commas and spaces", () => {
    const config = configOf({
      ...SEED,
      DNS_SERVERS: "2001:DB8::53, 2001:db8::54",
      DNS_SEARCH: "a.example b.example",
    });
    expect(config.dns).toEqual(["2001:db8::53", "2001:db8::54"]);
    expect(config.dnsSearch).toEqual(["a.example", "b.example"]);
  });

  test.each([
    ["/55", 56],
    ["/56", 60],
    ["/60", 62],
    ["/63", 64],
  ])("a %s delegates /%i by default", (length, delegated) => {
    expect(configOf({ ...SEED, ASSIGNED_PREFIX: `2001:db8::${length}` }).delegatedLength).toBe(delegated);
  });

  test("a /64 has no pool", () => {
    expect(configOf({ ...SEED, ASSIGNED_PREFIX: "2001:db8::/64" }).pool).toBeUndefined();
  });
});

const WRONG: [variable: string, value: string, message: string][] = [
  [
    "WIREGUARD_INTERFACE_SUFFIX",
    "provider-no-13",
    "is 'provider-no-13'; right would be 1 to 12 characters of A-Z a-z 0-9 _ . -",
  ],
  ["WIREGUARD_INTERFACE_SUFFIX", "a b", "is 'a b'; right would be 1 to 12 characters of A-Z a-z 0-9 _ . -"],
  [
    "WIREGUARD_PRIVATE_KEY",
    "abc",
    "is not a WireGuard key; right would be 44 characters of base64, as 'wg genkey' prints (the value is not shown)",
  ],
  [
    "WIREGUARD_PEER",
    "abc",
    "is not right (the value is not shown); right would be a public key: 44 characters of base64",
  ],
  [
    "WIREGUARD_ADDRESS",
    "192.0.2.1",
    "is '192.0.2.1'; right would be an IPv6 address, with or without length, such as 2001:db8:0:a::2/64",
  ],
  [
    "WIREGUARD_ENDPOINT",
    "192.0.2.42",
    "is '192.0.2.42'; right would be 192.0.2.42:51820, [2001:db8::1]:51820 or name:port",
  ],
  [
    "WIREGUARD_ENDPOINT",
    "2001:db8::1:51820",
    "is '2001:db8::1:51820'; right would be 192.0.2.42:51820, [2001:db8::1]:51820 or name:port",
  ],
  [
    "WIREGUARD_ENDPOINT",
    "192.0.2.300:1",
    "is '192.0.2.300:1'; right would be 192.0.2.42:51820, [2001:db8::1]:51820 or name:port",
  ],
  [
    "WIREGUARD_ENDPOINT",
    "192.0.2.1:0",
    "is '192.0.2.1:0'; right would be 192.0.2.42:51820, [2001:db8::1]:51820 or name:port",
  ],
  [
    "WIREGUARD_ENDPOINT",
    "192.0.2.1:65536",
    "is '192.0.2.1:65536'; right would be 192.0.2.42:51820, [2001:db8::1]:51820 or name:port",
  ],
  ["WIREGUARD_MTU", "1279", "is '1279'; right would be 1280 to 9000"],
  ["WIREGUARD_KEEPALIVE", "25s", "is '25s'; right would be 0 to 65535 seconds"],
  [
    "ASSIGNED_PREFIX",
    "2001:db8::/31",
    "is '2001:db8::/31'; right would be a prefix from /32 to /64 such as 2001:db8:ffff::/48; a bare address means /48",
  ],
  [
    "ASSIGNED_PREFIX",
    "2001:db8::1/48",
    "is '2001:db8::1/48'; right would be a prefix from /32 to /64 such as 2001:db8:ffff::/48; a bare address means /48",
  ],
  [
    "ASSIGNED_PREFIX",
    "2001:db8::1",
    "is '2001:db8::1'; right would be a prefix from /32 to /64 such as 2001:db8:ffff::/48; a bare address means /48",
  ],
  [
    "SUBSCRIBER_INTERFACE",
    "enp0s20f0u1u2c2x",
    "is 'enp0s20f0u1u2c2x'; right would be an interface name of 1 to 15 characters",
  ],
  ["SUBSCRIBER_INTERFACE", "..", "is '..'; right would be an interface name of 1 to 15 characters"],
  ["DELEGATED_LENGTH", "65", "is '65'; right would be a length from 48 to 64"],
  ["DELEGATED_LENGTH", "48", "is '48', but the pool is 2001:db8:ffff:8000::/49; right would be 49 to 64"],
  [
    "DELEGATED_PREFIX",
    "2001:db8:ffff::/49",
    "is '2001:db8:ffff::/49'; right would be a prefix inside 2001:db8:ffff::/48, no longer than /64, without the transfer network 2001:db8:ffff::/64, for example 2001:db8:ffff:8000::/49",
  ],
  [
    "DELEGATED_PREFIX",
    "2001:db8:fffe:8000::/49",
    "is '2001:db8:fffe:8000::/49'; right would be a prefix inside 2001:db8:ffff::/48, no longer than /64, without the transfer network 2001:db8:ffff::/64, for example 2001:db8:ffff:8000::/49",
  ],
  ["PREFERRED_LIFETIME", "0", "is '0'; right would be a number of seconds from 1 to 4294967294"],
  ["PREFERRED_LIFETIME", "14401", "is 14401, but VALID_LIFETIME is 14400; right would be at most that"],
  ["RENEW_TIMER", "1441", "is 1441, but REBIND_TIMER is 1440; right would be at most that"],
  ["REBIND_TIMER", "14401", "is 14401, but VALID_LIFETIME is 14400; right would be at most that"],
  ["RA_MANAGED", "maybe", "is 'maybe'; right would be yes or no"],
  ["RA_OTHER", "2", "is '2'; right would be yes or no"],
  ["RA_PREFERENCE", "highest", "is 'highest'; right would be low, medium, high"],
  ["RA_LIFETIME", "9001", "is '9001'; right would be 0 to 9000 seconds (RFC 4861)"],
  ["RA_INTERVAL", "3", "is '3'; right would be 4 to 1800 seconds (RFC 4861)"],
  ["RA_MTU", "1000", "is '1000'; right would be 1280 to 65535"],
  [
    "DNS_SERVERS",
    "2001:db8::53,8.8.8.8",
    "is '2001:db8::53,8.8.8.8'; right would be IPv6 addresses with commas between",
  ],
  ["DNS_SEARCH", "-x-", "is '-x-'; right would be domain names with commas between"],
  ["SUBSCRIBER_LINK", "vlan:enp2s0:4095", `is 'vlan:enp2s0:4095'; right would be ${LINK_FORMS_TEXT}`],
  ["SUBSCRIBER_LINK", "macvlan:", `is 'macvlan:'; right would be ${LINK_FORMS_TEXT}`],
  ["SUBSCRIBER_LINK", "bridge:br0:1", `is 'bridge:br0:1'; right would be ${LINK_FORMS_TEXT}`],
  ["LINK_LOCAL", "fe80:1::1", "is 'fe80:1::1'; right would be an address in fe80::/64"],
  ["SOURCE_VALIDATION", "on", "is 'on'; right would be reject, reject-routed, drop, off"],
  ["PROBE_TARGET", "internet", "is 'internet'; right would be an IPv6 address"],
];

describe("wrong values", () => {
  test.each(WRONG)("%s=%s", (variable, value, message) => {
    const extra = variable === "PREFERRED_LIFETIME" ? { VALID_LIFETIME: "14400" } : {};
    expect(messages({ ...SEED, ...extra, [variable]: value })).toEqual([`${variable} ${message}`]);
  });

  test("a timer that was not given is named as a default", () => {
    expect(messages({ ...SEED, REBIND_TIMER: "600" })).toEqual([
      "RENEW_TIMER is 900 by default, but REBIND_TIMER is 600; right would be at most that",
    ]);
  });

  test("a pool for a /64 has its own message", () => {
    expect(
      messages({ ...SEED, ASSIGNED_PREFIX: "2001:db8::/64", DELEGATED_PREFIX: "2001:db8::/64" }),
    ).toEqual([
      "DELEGATED_PREFIX is set, but ASSIGNED_PREFIX 2001:db8::/64 has nothing to delegate; right would be a prefix shorter than /64, or no DELEGATED_PREFIX",
    ]);
  });

  test("all of them are listed in one go", () => {
    const env = Object.fromEntries(WRONG.map(([variable, value]) => [variable, value]));
    const named = new Set((readBngEnvironment(env).errors ?? []).map(({ variable }) => variable));
    // The pool is judged against ASSIGNED_PREFIX and the timers against each other: only once those are right.
    const later = new Set([
      "DELEGATED_LENGTH",
      "DELEGATED_PREFIX",
      "PREFERRED_LIFETIME",
      "RENEW_TIMER",
      "REBIND_TIMER",
    ]);
    const expected = Object.keys(env).filter((variable) => !later.has(variable));
    expect(expected.filter((variable) => !named.has(variable))).toEqual([]);
  });

  test("one wrong variable does not bring in another", () => {
    expect(messages({ ...SEED, ASSIGNED_PREFIX: "x", DELEGATED_PREFIX: "2001:db8::/49" })).toHaveLength(1);
    expect(
      messages({ ...SEED, DELEGATED_LENGTH: "x", DELEGATED_PREFIX: "2001:db8:ffff:8000::/60" }),
    ).toHaveLength(1);
    expect(messages({ ...SEED, REBIND_TIMER: "x", RENEW_TIMER: "1500" })).toHaveLength(1);
  });

  test("no message shows a key, whichever variable it was put into", () => {
    for (const variable of new Set([...Object.keys(SEED), ...WRONG.map(([each]) => each)])) {
      const shown = JSON.stringify(
        readBngEnvironment({ ...SEED, WIREGUARD_PRIVATE_KEY: "", [variable]: SECRET }).errors ?? [],
      );
      expect(shown).not.toContain(SECRET.slice(0, 12));
      expect(JSON.stringify(messages({ ...SEED, [variable]: `${SECRET}x` }))).not.toContain(
        SECRET.slice(0, 12),
      );
    }
  });

  test("a message is one line", () => {
    expect(messages({ ...SEED, RA_MTU: "a\nb\u001B[31m" })).toEqual([
      "RA_MTU is 'a b [31m'; right would be 1280 to 65535",
    ]);
    expect(messages({ ...SEED, RA_MTU: "9".repeat(1000) })[0]?.length).toBeLessThan(150);
  });
});

describe("round trip", () => {
  test("what is written reads the same", () => {
    fc.assert(
      fc.property(bngConfig, (each) => {
        expect(readBngEnvironment(writeBngEnvironment(each))).toEqual({ config: each });
      }),
      { numRuns: 500 },
    );
  });

  test("a key value is never written", () => {
    expect(() => writeBngEnvironment(configOf(SEED))).toThrow("a private key goes by file");
  });

  test("link-local addresses differ from provider to provider", () => {
    const names = ["alpha", "beta", "gamma", "isp-a", "isp-b", "provider1", "provider2"];
    expect(new Set(names.map(deriveLinkLocal)).size).toBe(names.length);
    for (const name of names) expect(formatIp6(deriveLinkLocal(name))).toMatch(/^fe80::1:/);
    expect(parsePrefix6("fe80::/64")?.bits).toBe((deriveLinkLocal("alpha") >> 64n) << 64n);
  });
});
