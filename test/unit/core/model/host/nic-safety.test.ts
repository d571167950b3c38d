import { expect, test } from "vitest";
import {
  parseDefaultDevices,
  parseSshSessions,
  type HostNetwork,
} from "../../../../../src/core/model/host/network.ts";
import { reasonsAgainstClaim, refuseClaim } from "../../../../../src/core/model/host/nic-safety.ts";

const nic = (name: string, more: object = {}): HostNetwork["links"][number] => ({
  ifname: name,
  ifindex: 2,
  flags: ["UP"],
  mtu: 1500,
  addr_info: [{ family: "inet6", local: "fe80::1", prefixlen: 64, scope: "link" }],
  ...more,
});
const host = (links: HostNetwork["links"], more: Partial<HostNetwork> = {}): HostNetwork => ({
  links,
  defaultDevices: [],
  sshSessions: [],
  ...more,
});
const addressed = {
  addr_info: [
    { family: "inet", local: "192.0.2.5", prefixlen: 24, scope: "global" },
    { family: "inet6", local: "2001:db8::5", prefixlen: 64, scope: "global" },
  ],
};

test("an interface that the host has no use for may be taken", () => {
  expect(refuseClaim("eth1", host([nic("eth1")], { defaultDevices: ["eth0"] }))).toBeUndefined();
});

test("an absent one is nobody's: the BNG waits for it", () => {
  expect(refuseClaim("eth9", host([nic("eth1", addressed)], { defaultDevices: ["eth9"] }))).toBeUndefined();
});

test.each([
  ["the default route", nic("eth1"), { defaultDevices: ["eth1"] }, "it carries the host's default route"],
  ["addresses", nic("eth1", addressed), {}, "the host has 192.0.2.5/24, 2001:db8::5/64 on it"],
  ["a bridge", nic("eth1", { master: "br0" }), {}, "it is a port of br0"],
  [
    "SSH to a link-local address",
    nic("eth1"),
    { sshSessions: [{ address: "fe80::1", interface: "eth1" }] },
    "an SSH session comes in by it",
  ],
])("%s is a reason", (_, link, more, reason) => {
  expect(reasonsAgainstClaim("eth1", host([link], more))).toEqual([reason]);
});

test("all reasons are told, the worst first", () => {
  const busy = host([nic("eth1", addressed)], {
    defaultDevices: ["eth1"],
    sshSessions: [{ address: "192.0.2.5", interface: undefined }],
  });
  expect(refuseClaim("eth1", busy)).toBe(
    "eth1 is not taken from the host: an SSH session comes in by it, and it carries the host's default route, and the host has 192.0.2.5/24, 2001:db8::5/64 on it",
  );
});

test("SSH to another interface's address, or to the same link-local one elsewhere, is no reason", () => {
  const sshSessions = [
    { address: "192.0.2.99", interface: undefined },
    { address: "fe80::1", interface: "eth0" },
  ];
  expect(reasonsAgainstClaim("eth1", host([nic("eth1")], { sshSessions }))).toEqual([]);
});

test("one that bears mhlab's mark was taken before, whatever a manager did to it since", () => {
  const marked = nic("eth1", { ...addressed, ifalias: "mhlab:nic:alpha;mtu=1500;up=1" });
  expect(reasonsAgainstClaim("eth1", host([marked], { defaultDevices: ["eth1"] }))).toEqual([]);
  const foreign = nic("eth1", { ...addressed, ifalias: "mhlab:alpha" });
  expect(reasonsAgainstClaim("eth1", host([foreign]))).toHaveLength(1);
});

test("sessions are read from ss in every notation", () => {
  const text = [
    "0      0          192.0.2.5:22     198.51.100.1:51000",
    "0      0      [2001:db8::5]:22     [2001:db8::9]:51001",
    "0      0 [::ffff:192.0.2.6]:22 [::ffff:198.51.100.1]:5",
    "0      0  [fe80::1%eth1]:22        [fe80::2]:1",
    "0      0  [fe80::1]%eth2:22        [fe80::2]:1",
    "",
  ].join("\n");
  expect(parseSshSessions(text)).toEqual([
    { address: "192.0.2.5", interface: undefined },
    { address: "2001:db8::5", interface: undefined },
    { address: "192.0.2.6", interface: undefined },
    { address: "fe80::1", interface: "eth1" },
    { address: "fe80::1", interface: "eth2" },
  ]);
});

test("default routes are read from both families, with several next hops, once each", () => {
  const v4 = '[{"dst":"default","gateway":"192.0.2.1","dev":"eth0"}]';
  const v6 = '[{"dst":"default","nexthops":[{"dev":"eth0"},{"dev":"wlan0"}]}]';
  expect(parseDefaultDevices(v4, v6, "")).toEqual(["eth0", "wlan0"]);
});
