import { expect, test } from "vitest";
import { formatLink, parseLink } from "../../../../../src/core/model/links/environment.ts";
import { formatHostLink, parseHostLink } from "../../../../../src/core/model/links/host-link.ts";
import type { BngLink } from "../../../../../src/core/model/links/registry.ts";
import { outerName } from "../../../../../src/core/model/links/vlan.ts";
import { waitingName } from "../../../../../src/core/model/links/veth.ts";
import { lanBridge } from "../../../../../src/core/model/names.ts";

test.each([
  ["vlan:eth1:200.101", { kind: "vlan", parent: "eth1", outer: 200, id: 101 }],
  [
    "veth:wan0:container:openwrt",
    { kind: "veth", peer: "wan0", into: { kind: "container", name: "openwrt" } },
  ],
  ["veth:wan0:netns:cpe-1", { kind: "veth", peer: "wan0", into: { kind: "netns", name: "cpe-1" } }],
  ["lan:mh-street:two-isps", { kind: "lan", bridge: "mh-street", owner: "two-isps" }],
])("%s is read and written", (text, link) => {
  expect(parseLink(text)).toEqual(link);
  expect(formatLink(link as BngLink)).toBe(text);
});

test("a LAN made by hand needs no owner", () => {
  expect(parseLink("lan:mh-street")).toEqual({ kind: "lan", bridge: "mh-street", owner: "by-hand" });
});

test.each([
  "vlan:eth1",
  "vlan:eth1:0.1",
  "vlan:eth1:1.2.3",
  "vlan:eth1:1:2",
  "veth:wan0:container",
  "veth:wan0:pod:x",
  "veth:wan0:netns:../x",
  "veth:wan0:netns:a:b",
  "lan:mh-street:Bad Owner",
  "lan:mh-street:a:b",
  "macvlan:eth1:x",
  "claim:eth1",
])("%s is refused", (text) => {
  expect(parseLink(text)).toBeUndefined();
});

test("names of what mhlab makes on the host fit the kernel and differ by what they are for", () => {
  const into = { kind: "netns", name: "cpe" } as const;
  const names = [
    lanBridge("a-lan-of-12c"),
    outerName("enp2s0", 200),
    outerName("enp2s0", 201),
    waitingName("alpha", "wan0", into),
    waitingName("beta", "wan0", into),
  ];
  for (const name of names) expect(name.length).toBeLessThanOrEqual(15);
  expect(new Set(names).size).toBe(names.length);
});

const word = (link: BngLink): string | undefined => formatHostLink("alpha", { interface: "enp2s0", link });

test("only what the kernel does not clear by itself is written down for the helper", () => {
  expect(word({ kind: "claim" })).toBe("alpha/enp2s0/claim");
  expect(parseHostLink("alpha/enp2s0/claim")).toEqual({
    provider: "alpha",
    interface: "enp2s0",
    link: "claim",
  });
  expect(word({ kind: "lan", bridge: "mh-street", owner: "two-isps" })).toBe(
    "alpha/enp2s0/lan:mh-street:two-isps",
  );
  expect(word({ kind: "vlan", parent: "eth1", id: 1, outer: 2 })).toBe("alpha/enp2s0/vlan:eth1:2.1");
  expect(word({ kind: "vlan", parent: "eth1", id: 1 })).toBeUndefined();
  expect(word({ kind: "veth", peer: "x" })).toBeUndefined();
  expect(parseHostLink("alpha/enp2s0")).toBeUndefined();
});
