import { expect, test } from "vitest";
import { parseHeard, withAddresses } from "../../../../../src/core/render/bng/neighbours.ts";
import { placeOf } from "../../../../../src/core/model/links/bng.ts";
import { parseLink } from "../../../../../src/core/model/links/environment.ts";
import { explainNoDelegation } from "../../../../../src/core/model/status/heard.ts";
import { NODES } from "../../../../../src/core/render/nodes/registry.ts";
import type { Neighbour, ProviderStatus } from "../../../../../src/core/model/status/model.ts";
import { renderStatus } from "../../../../../src/cli/views/status.ts";

const set = (name: string, elements: [unknown, number][]): object => ({
  set: { name, elem: elements.map(([val, expires]) => ({ elem: { val, expires } })) },
});

test("the kernel's sets are read: latest first, what each sent, made-up MACs told apart", () => {
  const json = JSON.stringify({
    nftables: [
      { metainfo: {} },
      set("macs", [
        ["00:1b:63:84:45:e6", 3000],
        ["52:54:00:12:34:56", 3590],
      ]),
      set("linklocals", [
        [{ concat: ["52:54:00:12:34:56", "fe80::2"] }, 3590],
        [{ concat: ["52:54:00:12:34:56", "fe80::1"] }, 100],
      ]),
      set("solicits", [["52:54:00:12:34:56", 3590]]),
      set("advertises", []),
      set("dhcpv6", [["52:54:00:12:34:56", 3590]]),
    ],
  });
  expect(parseHeard(json)).toEqual([
    {
      mac: "52:54:00:12:34:56",
      administered: "local",
      linkLocal: "fe80::2",
      ageS: 10,
      sent: ["router-solicitation", "dhcpv6"],
    },
    { mac: "00:1b:63:84:45:e6", administered: "universal", linkLocal: null, ageS: 600, sent: [] },
  ]);
});

const heard = (mac: string, sent: Neighbour["sent"]): Neighbour => ({
  mac,
  administered: "universal",
  linkLocal: null,
  lastSeenAt: "2026-11-24T12:00:00Z",
  sent,
  addresses: [],
});

test.each([
  [[], "nobody was heard on eth1 yet: is the CPE on this port?"],
  [
    [heard("00:00:5e:00:53:01", [])],
    "heard on eth1: 00:00:5e:00:53:01, asked for nothing; no router solicitation and no DHCPv6 from anyone: is IPv6 on in the CPE, and this its WAN port?",
  ],
  [
    [heard("00:00:5e:00:53:01", ["router-advertisement"])],
    "heard on eth1: 00:00:5e:00:53:01, router advertisement; no router solicitation and no DHCPv6 from anyone: is IPv6 on in the CPE, and this its WAN port?",
  ],
  [
    [heard("00:00:5e:00:53:01", ["router-solicitation"])],
    "heard on eth1: 00:00:5e:00:53:01, router solicitation; no DHCPv6 from anyone: does the CPE ask for a delegated prefix?",
  ],
  [
    [
      heard("00:00:5e:00:53:01", ["router-solicitation", "dhcpv6"]),
      ...Array.from({ length: 4 }, () => heard("00:00:5e:00:53:02", [])),
    ],
    "heard on eth1: 00:00:5e:00:53:01, router solicitation and DHCPv6; 00:00:5e:00:53:02, asked for nothing; 00:00:5e:00:53:02, asked for nothing; 2 more; DHCPv6 was asked for",
  ],
])("without a delegation, what was heard says what to look at", (neighbours, text) => {
  expect(explainNoDelegation({ interface: "eth1", place: "", neighbours })).toBe(text);
});

test("a host that uses an address of the provider has not asked for nothing", () => {
  const [host] = withAddresses(
    [heard("00:00:5e:00:53:01", [])],
    [
      { dst: "2001:db8:a::5", lladdr: "00:00:5e:00:53:01" },
      { dst: "2001:db8:77::5", lladdr: "00:00:5e:00:53:01" },
      { dst: "2001:db8:a::6", lladdr: "00:00:5e:00:53:02" },
    ],
    [{ bits: 0x2001_0db8_000a_0000n << 64n, length: 64 }],
  );
  expect(host?.addresses).toEqual(["2001:db8:a::5"]);
  expect(explainNoDelegation({ interface: "sub0", place: "br-lab", neighbours: host ? [host] : [] })).toBe(
    "heard on br-lab: 00:00:5e:00:53:01, uses 2001:db8:a::5; no DHCPv6 from anyone: does the CPE ask for a delegated prefix?",
  );
});

test.each([
  ["claim", "enp2s0", "enp2s0"],
  ["vlan:enp2s0:101", "sub0", "enp2s0 (VLAN 101)"],
  ["vlan:enp2s0:200.101", "sub0", "enp2s0 (VLAN 200.101)"],
  ["macvlan:enp2s0", "sub0", "enp2s0"],
  ["bridge:br-lab", "sub0", "br-lab"],
  ["lan:mh-street:desk", "sub0", "mh-street"],
  ["veth:to-alpha", "sub0", "to-alpha"],
  ["veth:wan0:netns:cpe", "sub0", "wan0 in netns:cpe"],
])("%s is called as its user knows it", (word, name, place) => {
  const link = parseLink(word);
  expect(link === undefined ? undefined : placeOf({ interface: name, link })).toBe(place);
});

const shown = (one: ProviderStatus): string =>
  renderStatus(
    { lab: "desk", healthy: true, providers: [one], cpes: [], hosts: [] },
    { colour: false, columns: undefined },
  );

test("the status names who is heard where nobody has a delegation, and is silent elsewhere", () => {
  const blank = NODES.bng.silent({ name: "alpha", state: "running", problem: { code: "x", message: "x" } });
  const provider: ProviderStatus = {
    ...blank,
    ready: true,
    problems: [],
    subscriber: {
      ...blank.subscriber,
      interface: "eth1",
      place: "eth1",
      present: true,
      carrier: true,
      neighbours: [],
    },
  };
  const line = "  alpha: nobody was heard on eth1 yet: is the CPE on this port?";
  expect(shown(provider).split("\n")).toContain(line);
  // Several unused ports are one note.
  const both = renderStatus(
    { lab: "desk", healthy: true, providers: [provider, { ...provider, name: "beta" }], cpes: [], hosts: [] },
    { colour: false, columns: undefined },
  );
  expect(both.split("\n").filter((text) => text.includes("heard"))).toEqual([
    "  nobody was heard yet on eth1 (alpha), eth1 (beta): are the CPEs on these ports?",
  ]);
  const { subscriber } = provider;
  for (const other of [
    { subscriber: { ...subscriber, kind: "cpe" as const } },
    { subscriber: { ...subscriber, carrier: false } },
    { state: "starting" as const },
  ]) {
    expect(shown({ ...provider, ...other })).not.toContain("heard");
  }
});
