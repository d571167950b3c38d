import { formatIp6 } from "../../../../../src/core/model/ip6.ts";
import { expect, test } from "vitest";
import { SECCOMP_PROFILE } from "../../../../../src/core/render/confinement/seccomp.ts";
import { readCpeDocument, readHostDocument } from "../../../../../src/core/render/cpe/documents.ts";
import { valueAt } from "../../../../../src/core/model/document.ts";
import { configOf } from "../../../support/alpha.ts";
import { linkName } from "../../../../../src/core/model/names.ts";
import { internetConfig } from "../../../../../src/core/render/nodes/containers/internet.ts";
import { surroundings } from "../../../../../src/core/render/plan/appliance.ts";
import { containerBody } from "../../../../../src/core/render/plan/body.ts";
import { keysOf, lab, SHARED_LAN, specs, TWO_ISPS } from "../../../support/planned-lab.ts";

const two = lab(TWO_ISPS);
const byName = (name: string): ReturnType<typeof specs>[number] => {
  const found = specs(two).find((spec) => spec.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

test("a lab becomes internet, providers, CPE and host, in this order", () => {
  expect(specs(two).map(({ role, name }) => `${role} ${name}`)).toEqual([
    "internet internet",
    "bng alpha",
    "bng beta",
    "cpe home",
    "host home-host1",
  ]);
});

test("the BNG's agent reads back what the plan writes, and meets the internet and the CPE", () => {
  const config = configOf(byName("alpha").document);
  const peer = internetConfig(two, surroundings(two, keysOf(two))).peers.find(
    ({ provider }) => provider === "alpha",
  );
  expect(config.wireguard.endpoint).toEqual({ host: "127.0.0.1", port: peer?.listenPort });
  expect(config.wireguard.peer).toBe(keysOf(two).get("alpha")?.internet);
  expect(config.wireguard.privateKey).toEqual({ file: "/etc/mhlab/keys/private.key" });
  expect(config.subscriber).toEqual({
    interface: "sub0",
    link: { kind: "veth", peer: linkName("two-isps", "alpha", "home") },
  });
});

test("CPE and host agree on the links between them and to the providers", () => {
  const { config: cpe } = readCpeDocument(byName("home").document ?? {});
  expect(cpe?.wans.map(({ provider, link }) => [provider, link])).toEqual([
    ["alpha", linkName("two-isps", "alpha", "home")],
    ["beta", linkName("two-isps", "beta", "home")],
  ]);
  expect(readHostDocument(byName("home-host1").document ?? {}).config).toMatchObject({
    cpe: "home",
    link: cpe?.hosts[0]?.link,
  });
  expect(cpe?.wans.map(({ pool, probe }) => [pool, probe])).toEqual([
    ["2001:db8:a:8000::/49/56", "2001:db8::1"],
    ["2001:db8:b:8000::/49/56", "2001:db8::1"],
  ]);
});

test("a host on a LAN makes its port on the bridge of the providers there, and knows their routers", () => {
  const shared = lab(SHARED_LAN);
  const found = specs(shared);
  const document = (name: string) => found.find((spec) => spec.name === name)?.document ?? {};
  const { config: host } = readHostDocument(document("pc"));
  expect(found.map(({ role, name }) => `${role} ${name}`)).toEqual([
    "internet internet",
    "bng alpha",
    "bng beta",
    "host pc",
  ]);
  expect(valueAt(document("alpha"), "subscriber")).toEqual({ lan: "street" });
  expect(host).toMatchObject({
    link: "lan:mh-street:shared-lan",
    routers: ["alpha", "beta"].map((provider) => ({
      provider,
      address: formatIp6(configOf(document(provider)).linkLocal),
      prefix: `2001:db8:${provider[0]}::/64`,
    })),
  });
});

test("a provider that is no default router is not awaited by hosts", () => {
  const text = SHARED_LAN.replace(
    "subscriber: {lan: street}",
    "subscriber: {lan: street}\n    router-advertisement: {lifetime: 0s}",
  );
  const spec = specs(lab(text)).find(({ name }) => name === "pc");
  expect(readHostDocument(spec?.document ?? {}).config).toMatchObject({ routers: [{ provider: "beta" }] });
});

test("a claimed interface keeps its name inside, and a real far side is taken as written", () => {
  const real = lab(`
name: real
providers:
  - name: alpha
    prefix: 2001:db8:a::/48
    wireguard: {endpoint: "192.0.2.42:51820", peer: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=, address: 2001:db8:0:a::2/64}
    subscriber: {interface: enp2s0}
`);
  const [spec] = specs(real);
  const config = configOf(spec?.document);
  expect(config.subscriber).toEqual({ interface: "enp2s0", link: { kind: "claim" } });
  expect(config.wireguard.endpoint).toEqual({ host: "192.0.2.42", port: 51820 });
});

test("containers get no network of Docker's, no privilege, and only the capabilities they need", () => {
  for (const spec of specs(two)) {
    const { HostConfig } = containerBody(spec);
    expect(HostConfig).toMatchObject({
      NetworkMode: "none",
      CapDrop: ["ALL"],
      Binds: ["/proc/1/ns/net:/var/run/netns/host"],
      SecurityOpt: ["no-new-privileges", `seccomp=${SECCOMP_PROFILE}`],
      ReadonlyRootfs: true,
      Ulimits: [{ Name: "core", Soft: 0, Hard: 0 }],
    });
    expect(HostConfig.PidsLimit).toBeGreaterThan(0);
    expect(HostConfig.Memory).toBeGreaterThan(2 ** 20);
    expect(HostConfig).not.toHaveProperty("Privileged");
    expect(HostConfig.CapAdd).not.toContain("ALL");
    expect(containerBody(spec)).not.toHaveProperty("Env");
  }
  expect(containerBody(byName("home-host1")).HostConfig.Sysctls["net.ipv6.conf.all.forwarding"]).toBe("0");
});

test("the engine does no part of a network for a provider whose far side is an address; who looks names up has the host's resolvers", () => {
  const without = specs(two).filter((spec) => containerBody(spec).NetworkDisabled === true);
  expect(without.map(({ name }) => name)).toEqual(["alpha", "beta"]);
  const named = (endpoint: string): object => {
    const wireguard = `{endpoint: "${endpoint}", peer: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=, address: 2001:db8:0:a::2/64}`;
    const [spec] = specs(
      lab(
        `name: real\nproviders: [{name: alpha, prefix: 2001:db8:a::/48, wireguard: ${wireguard}, subscriber: {interface: enp2s0}}]`,
      ),
    );
    return spec === undefined ? {} : containerBody(spec);
  };
  expect(named("[2001:db8::1]:51820")).toHaveProperty("NetworkDisabled", true);
  expect(named("vpn.example.net:51820")).not.toHaveProperty("NetworkDisabled");
});

test("private keys are referred to, never contained", () => {
  const files = specs(two).flatMap((spec) => spec.files.map((file) => ({ ...file, of: spec.name })));
  expect(files.filter(({ path }) => path.endsWith(".key"))).toEqual([
    {
      path: "/etc/mhlab/keys/alpha.key",
      mode: 0o600,
      of: "internet",
      content: { key: { provider: "alpha", side: "internet" } },
    },
    {
      path: "/etc/mhlab/keys/beta.key",
      mode: 0o600,
      of: "internet",
      content: { key: { provider: "beta", side: "internet" } },
    },
    {
      path: "/etc/mhlab/keys/private.key",
      mode: 0o600,
      of: "alpha",
      content: { key: { provider: "alpha", side: "bng" } },
    },
    {
      path: "/etc/mhlab/keys/private.key",
      mode: 0o600,
      of: "beta",
      content: { key: { provider: "beta", side: "bng" } },
    },
  ]);
});
