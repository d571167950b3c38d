import { expect, test } from "vitest";
import { changedSettings } from "../../../../src/core/settings/changes.ts";
import { lab, specs, TWO_ISPS } from "../../support/planned-lab.ts";

const env = (text: string): Readonly<Record<string, string>> =>
  specs(lab(text)).find(({ name }) => name === "alpha")?.env ?? {};
const withKeys = (keys: string): string =>
  TWO_ISPS.replace("prefix: 2001:db8:a::/48", `prefix: 2001:db8:a::/48\n    ${keys}`);

test("the same environment has no change", () => {
  expect(changedSettings(env(TWO_ISPS), env(TWO_ISPS))).toEqual([]);
});

test("lifetimes are named as in lab.yaml, with what follows from them", () => {
  const changes = changedSettings(env(TWO_ISPS), env(withKeys("delegation: {preferred: 10m, valid: 20m}")));
  expect(changes.map(({ label, before, after, live }) => [label, before, after, live])).toEqual([
    ["delegation.preferred", "30m", "10m", true],
    ["delegation.rebind", "24m", "8m", true],
    ["delegation.renew", "15m", "5m", true],
    ["delegation.valid", "4h", "20m", true],
  ]);
  expect(new Set(changes.map(({ group }) => group))).toEqual(new Set(["delegation"]));
});

test.each([
  [
    "dns: ['2001:db8:a::53', '2001:db8:a::54']",
    "dns",
    "[2001:db8::1]",
    "[2001:db8:a::53, 2001:db8:a::54]",
    true,
  ],
  ["dns: []", "dns", "[2001:db8::1]", "none", true],
  ["dns-search: [alpha.example]", "dns-search", "none", "[alpha.example]", true],
  ["source-validation: drop", "source-validation", "reject", "drop", true],
  ["router-advertisement: {managed: false}", "router-advertisement.managed", "true", "false", true],
  ["router-advertisement: {mtu: 1400}", "router-advertisement.mtu", "the tunnel's", "1400", true],
  ["wireguard: {clamp-mss: true}", "wireguard.clamp-mss", "false", "true", false],
  ["wireguard: {keepalive: 0s}", "wireguard.keepalive", "25s", "0s", false],
  ["capture: true", "capture", "false", "true", false],
])("%s", (keys, label, before, after, live) => {
  const [change, ...others] = changedSettings(env(TWO_ISPS), env(withKeys(keys)));
  expect(others).toEqual([]);
  expect(change).toMatchObject({ label, before, after, live });
  const [back] = changedSettings(env(withKeys(keys)), env(TWO_ISPS));
  expect(back).toMatchObject({ label, before: after, after: before, live });
});

test("what lab.yaml does not name goes by its variable, and a key is never shown", () => {
  const before = {
    WIREGUARD_PRIVATE_KEY: "YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=",
    LINK_LOCAL: "fe80::a",
  };
  const after = {
    WIREGUARD_PRIVATE_KEY: "vIvVN8cjlg56fP1L5LeBfNFj9NwH5i3UEhqgHIUCpRQ=",
    LINK_LOCAL: "fe80::b",
    NEW: "1",
  };
  expect(changedSettings(before, after)).toEqual([
    {
      variable: "LINK_LOCAL",
      label: "name",
      group: "router advertisements",
      before: "fe80::a",
      after: "fe80::b",
      live: false,
    },
    { variable: "NEW", label: "NEW", group: "settings", before: "none", after: "'1'", live: false },
    {
      variable: "WIREGUARD_PRIVATE_KEY",
      label: "WIREGUARD_PRIVATE_KEY",
      group: "wireguard",
      before: "(not shown)",
      after: "(not shown)",
      live: false,
    },
  ]);
});
