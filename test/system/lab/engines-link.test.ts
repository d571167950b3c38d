/** A CPE whose second provider runs on another machine: a VXLAN over an underlay with an MTU of 1400. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LabStatus } from "../../../src/core/model/status/model.ts";
import * as second from "../support/own-sandbox.ts";
import { docker, eventually, mhlab, useSandbox } from "../support/sandbox.ts";
import { endBoth, FILE, good, HOSTS, namesOn, NO_SANDBOX, startBoth, writeNodes } from "./two-engines.ts";

useSandbox();

const UNDERLAY = 1400;
/** What it leaves over IPv4. */
const FITS = 1350;

beforeAll(async () => await startBoth(UNDERLAY), 300_000);
afterAll(endBoth, 120_000);

const HERE = ["alpha", "home", "home-host1", "internet"];

function write(mtu: string): void {
  writeNodes(`providers:
  - {name: alpha, prefix: "2001:db8:a::/48", subscriber: {cpe: home}}
  - {name: beta, prefix: "2001:db8:b::/48", engine: b, subscriber: {cpe: home}${mtu}}
cpes: [{name: home}]
`);
}

async function whenHealthy(): Promise<LabStatus> {
  return await eventually(
    async () => {
      const status = JSON.parse(
        (await mhlab(["status", FILE, "--json"], { env: NO_SANDBOX })).stdout,
      ) as LabStatus;
      expect([status.healthy, status.providers.flatMap(({ problems }) => problems)]).toEqual([true, []]);
      return status;
    },
    { timeoutMs: 60_000 },
  );
}

const AT_A = { DOCKER_HOST: HOSTS.a };
const exec = async (name: string, ...argv: string[]): Promise<string> =>
  (await good(["exec", name, "--", ...argv], AT_A)).stdout;

test("an MTU of the router advertisement that does not fit is refused before anything runs", async () => {
  write("");
  const { code, stderr } = await mhlab(["up", FILE], { env: NO_SANDBOX });
  expect([code, stderr]).toEqual([
    3,
    expect.stringContaining("beta tells its CPE an MTU of 1420: the way to a carries 1400, so a VXLAN 1350"),
  ]);
  expect(stderr).toContain("router-advertisement: {mtu: 1350}");
  expect([await namesOn(docker), await namesOn(second.docker)]).toEqual([[], []]);
}, 240_000);

test("the CPE has a prefix of both, and packets of the whole MTU pass from each", async () => {
  write(`, router-advertisement: {mtu: ${FITS}}`);
  await good(["up", FILE]);
  expect([await namesOn(docker), await namesOn(second.docker)]).toEqual([HERE, ["beta"]]);
  const { cpes, providers } = await whenHealthy();
  expect(providers.map(({ subscriber }) => [subscriber.kind, subscriber.place])).toEqual([
    ["cpe", "home"],
    ["cpe", "home"],
  ]);
  const wans = cpes[0]?.wans.map(({ provider, delegatedPrefix }) => [
    provider,
    delegatedPrefix?.slice(0, 10),
  ]);
  expect(wans).toEqual([
    ["alpha", "2001:db8:a"],
    ["beta", "2001:db8:b"],
  ]);
  const host = cpes[0]?.hosts[0]?.addresses.map(({ address }) => address) ?? [];
  const source = host.find((address) => address.startsWith("2001:db8:b"));
  expect(source).toBeDefined();
  // ICMPv6 and IPv6 headers take 48.
  const ping = ["ping", "-c", "1", "-W", "5", "-M", "do", "-I", source ?? "", "-s", String(FITS - 48)];
  await exec("home-host1", ...ping, "2001:db8::1");
}, 240_000);

test("either end is made again when it is deleted, and what was left over of it is replaced", async () => {
  const mtuOf = async (name: string, link: string): Promise<string> =>
    (await exec(name, "cat", `/sys/class/net/${link}/mtu`)).trim();
  expect([await mtuOf("beta", "sub0"), await mtuOf("home", "wan1")]).toEqual([`${FITS}`, `${FITS}`]);
  await exec("beta", "ip", "link", "del", "sub0");
  await whenHealthy();
  await exec("home", "ip", "link", "del", "wan1");
  await whenHealthy();
  const [{ linkinfo } = { linkinfo: undefined }] = JSON.parse(
    await exec("beta", "ip", "-j", "-d", "link", "show", "dev", "sub0"),
  ) as { linkinfo?: { info_data: { id: number } } }[];
  const id = linkinfo?.info_data.id ?? 0;
  await good(["stop", "beta"], AT_A);
  const link = ["mhleft", "type", "vxlan", "id", `${id}`, "remote", "192.0.2.11", "dstport", "4789"];
  await second.exec("ip", "link", "add", ...link);
  await second.exec("ip", "link", "set", "mhleft", "alias", "mhlab:beta");
  await good(["start", "beta"], AT_A);
  await whenHealthy();
  expect(await second.exec("ip", "-j", "link", "show", "type", "vxlan")).not.toContain("mhleft");
}, 240_000);
