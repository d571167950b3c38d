/** What the bundled internet does for single providers, as a host behind a CPE sees it. */
import { beforeAll, expect, test } from "vitest";
import type { InternetServiceStatus, LabStatus } from "../../../src/core/model/status/model.ts";
import { eventually, mhlab, type CommandResult } from "../support/sandbox.ts";
import {
  ALPHA,
  BETA,
  containersOf,
  statusOf,
  succeed,
  useLabs,
  writeLab,
  type ProviderText,
} from "./fixture.ts";

useLabs();

const LAB = "services";
const WELL_KNOWN = "64:ff9b::c000:201";
const OWN = "2001:db8:b:64::c000:201";

const alpha = (shop: string): ProviderText => ({
  ...ALPHA,
  more: [
    "router-advertisement: {pref64: '64:ff9b::/96'}",
    "pvd: {name: pvd.alpha.example, zones: [corp.alpha.example]}",
    `resolver: {answers: [{name: shop.example, address: '${shop}'}]}`,
  ].join("\n    "),
});
const beta: ProviderText = {
  ...BETA,
  more: [
    "router-advertisement: {pref64: '2001:db8:b:64::/96'}",
    "resolver: {answers: [{name: shop.example, address: 192.0.2.80}]}",
  ].join("\n    "),
};

let status: LabStatus;

beforeAll(async () => {
  await succeed(["up", writeLab(LAB, [alpha("2001:db8::80"), beta])]);
  status = await statusOf(LAB);
});

function service(provider: string): InternetServiceStatus {
  const found = status.internet?.services.find((each) => each.provider === provider);
  if (found === undefined) throw new Error(`nothing is done for ${provider}`);
  return found;
}

async function host(...argv: readonly string[]): Promise<CommandResult> {
  return await mhlab(["exec", "home-host1", "--", ...argv], { timeoutMs: 60_000 });
}

/** What a provider's resolver answers; "" for nothing. */
async function ask(provider: string, name: string, type = "AAAA"): Promise<string> {
  const { stdout } = await host("dig", "+short", `@${service(provider).resolver}`, name, type);
  return stdout.trim().split("\n").sort().join(" ");
}

/** The host's own address of a provider. */
function addressOf(number: string): string {
  const addresses = (status.cpes[0]?.hosts[0]?.addresses ?? []).map(({ address }) => address);
  const found = addresses.find((address) => address.startsWith(`2001:db8:${number}:`));
  if (found === undefined) throw new Error(addresses.join());
  return found;
}

test("status tells what is done for whom, and customers are told of their provider's resolver", async () => {
  expect(status.internet).toMatchObject({ ready: true, problems: [] });
  expect(status.internet?.services).toEqual([
    {
      provider: "alpha",
      resolver: expect.stringMatching(/^2001:db8:0:[0-9a-f]+::53$/) as string,
      dns64: "64:ff9b::/96",
      nat64: "64:ff9b::/96",
      pvd: "https://pvd.alpha.example/.well-known/pvd",
    },
    {
      provider: "beta",
      resolver: expect.stringMatching(/^2001:db8:0:[0-9a-f]+::53$/) as string,
      dns64: "2001:db8:b:64::/96",
      nat64: "2001:db8:b:64::/96",
      pvd: null,
    },
  ]);
  const { stdout } = await succeed(["exec", "alpha", "--", "cat", "/run/mhlab/bird.conf"]);
  expect(stdout).toContain(`rdnss { ns ${service("alpha").resolver};`);
});

test("each resolver makes addresses of its provider's NAT64 prefix (DNS64), where a name has no other", async () => {
  expect(await ask("alpha", "ipv4only.example")).toBe(WELL_KNOWN);
  expect(await ask("beta", "ipv4only.example")).toBe(OWN);
  expect(await ask("alpha", "ipv4only.arpa")).toBe("64:ff9b::c000:aa 64:ff9b::c000:ab");
  expect(await ask("alpha", "internet.example")).toBe("2001:db8::1");
  expect(await ask("alpha", "ipv4only.example", "A")).toBe("192.0.2.1");
  const common = await host("dig", "+short", "@2001:db8::1", "ipv4only.example", "AAAA");
  expect(common.stdout.trim()).toBe("");
});

test.each([
  ["alpha", "a", WELL_KNOWN],
  ["beta", "b", OWN],
])("a host reaches who has only IPv4 by the NAT64 of %s", async (provider, number, destination) => {
  const from = addressOf(number);
  const { stdout } = await host("curl", "-sS", "-m", "20", "--interface", from, `http://[${destination}]/`);
  expect(stdout).toMatch(new RegExp(`^You are 198\\.1[89]\\.\\d+\\.\\d+ through ${provider}$`, "m"));
  const ping = await host("ping", "-6", "-q", "-c", "2", "-s", "1352", "-I", from, destination);
  expect(ping.stdout).toMatch(/2 received/);
  // Nobody listens there: the error has to find its way back to who asked, with his addresses in it.
  const refused = await host("dig", "+tries=1", "+time=5", "-b", from, `@${destination}`, "x.example");
  expect(refused.stdout).toContain("connection refused");
});

test("resolvers answer differently for one name, whichever provider is asked through", async () => {
  expect(await ask("alpha", "shop.example")).toBe("2001:db8::80");
  expect(await ask("beta", "shop.example")).toBe("2001:db8:b:64::c000:250");
  expect(await ask("beta", "shop.example", "A")).toBe("192.0.2.80");
  expect(await ask("beta", "nowhere.example")).toBe("");
});

test("a provisioning domain tells of itself by HTTPS, to who trusts the lab's authority", async () => {
  const url = service("alpha").pvd ?? "";
  const fetch = (...words: string[]): Promise<CommandResult> =>
    host("curl", "-sS", "-m", "20", "-D", "-", "--interface", addressOf("a"), ...words, url);
  const untrusted = await fetch();
  expect(untrusted.stderr).toMatch(/self-signed certificate|unable to get local issuer/);
  const certificate = status.internet?.certificateAuthority ?? "";
  await succeed(["exec", "home-host1", "--", "sh", "-c", 'printf %s "$0" > /tmp/ca.pem', certificate]);
  const { stdout } = await fetch("--cacert", "/tmp/ca.pem");
  expect(stdout).toMatch(/^content-type: application\/pvd\+json\r$/im);
  const told = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { expires: string };
  expect(told).toEqual({
    identifier: "pvd.alpha.example.",
    prefixes: ["2001:db8:a::/48"],
    dnsZones: ["corp.alpha.example"],
    expires: expect.any(String) as string,
  });
  expect(Date.parse(told.expires)).toBeGreaterThan(Date.now());
  await succeed(["renumber", "alpha", "2001:db8:aa::/48", "--graceful"]);
  await eventually(async () => {
    const now = await fetch("--cacert", "/tmp/ca.pem");
    expect(now.stdout).toContain('"prefixes":["2001:db8:aa::/48","2001:db8:a::/48"]');
  });
  await succeed(["renumber", "alpha", "--abort"]);
});

test("answers change in place, and what is taken out of the file is gone; no tunnel notices", async () => {
  const before = { containers: await containersOf(LAB), restarts: status.internet?.restarts };
  const file = writeLab(LAB, [alpha("2001:db8::81"), BETA]);
  const { stdout: plan } = await succeed(["up", file, "--dry-run", "--json"]);
  expect((JSON.parse(plan) as { steps: { name: string; action: string; reason: string }[] }).steps).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        name: "internet",
        action: "update",
        reason: "changed for customers: alpha (resolver), beta (resolver, NAT64)",
      }),
      expect.objectContaining({ name: "beta", action: "update" }),
    ]),
  );
  await succeed(["up", file]);
  expect(await ask("alpha", "shop.example")).toBe("2001:db8::81");
  const gone = await host("curl", "-sS", "-m", "5", "--interface", addressOf("b"), `http://[${OWN}]/`);
  expect(gone.code).not.toBe(0);
  status = await statusOf(LAB);
  expect(status.internet?.services.map(({ provider }) => provider)).toEqual(["alpha"]);
  expect(await containersOf(LAB)).toEqual(before.containers);
  expect(status.internet?.restarts).toEqual({ ...before.restarts, "tayga-beta": undefined });
  const { stdout } = await succeed(["exec", "alpha", "--", "cat", "/run/mhlab/bird.conf"]);
  expect(stdout).toContain("custom option type 21");
});

test("tayga and named are started again when they end, and serve as before", async () => {
  await succeed(["exec", "internet", "--", "pkill", "-9", "-x", "tayga|named"]);
  await eventually(
    async () => {
      const { internet } = await statusOf(LAB);
      expect(internet).toMatchObject({ ready: true, restarts: { named: 1, "tayga-alpha": 1 } });
    },
    { timeoutMs: 30_000 },
  );
  await eventually(async () => expect(await ask("alpha", "ipv4only.example")).toBe(WELL_KNOWN), {
    timeoutMs: 20_000,
  });
  const { stdout } = await host(
    "curl",
    "-sS",
    "-m",
    "20",
    "--interface",
    addressOf("a"),
    `http://[${WELL_KNOWN}]/`,
  );
  expect(stdout).toContain("through alpha");
});
