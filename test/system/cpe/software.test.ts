import { preferredOf } from "../../../src/core/render/cpe/host-addresses.ts";
/** CPEs that run software of others, each with two providers: what they make of them is told, and nothing of it is mhlab's doing. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { PROGRAMS } from "../../../src/core/render/confinement/programs.ts";
import { FOREIGN_SOFTWARE } from "../../../src/core/render/cpe/software/registry.ts";
import type { ForeignSoftwareName } from "../../../src/core/model/lab/cpe-software-names.ts";
import { labFolder, statusOf, succeed, useLabs } from "../lab/fixture.ts";
import { docker, eventually, mhlab, run, paths } from "../support/sandbox.ts";

useLabs();

const LAB = "others";
const INTERNET = "2001:db8::1";
/** The kernel keeps so much of a program's name. */
const COMM = 15;
/** By software: its home, and its two providers with their prefixes. */
const HOMES: Readonly<Record<ForeignSoftwareName, readonly [home: string, one: string, other: string]>> = {
  networkd: ["net", "a1", "b1"],
  dhcpcd: ["dhc", "a2", "b2"],
  dhcp6c: ["wide", "a3", "b3"],
};
/**
 * What there is at least. systemd-networkd gives the LAN the prefix of one uplink or of both, by when they came, and that need not be of
 * the line that it sends by.
 */
const LEAST: Readonly<Record<ForeignSoftwareName, { readonly prefixes: number; readonly answers: number }>> =
  {
    networkd: { prefixes: 0, answers: 0 },
    dhcpcd: { prefixes: 2, answers: 1 },
    dhcp6c: { prefixes: 2, answers: 1 },
  };
const SOFTWARE = Object.keys(HOMES) as ForeignSoftwareName[];

function writeLab(software: (name: ForeignSoftwareName) => string): string {
  const homes = SOFTWARE.map((name) => ({ name, words: HOMES[name] }));
  const file = join(labFolder(), `${LAB}.yaml`);
  const lines = [
    `name: ${LAB}`,
    "internet: bundled",
    "providers:",
    ...homes.flatMap(({ words: [home, ...providers] }) =>
      providers.map(
        (name) => `  - {name: ${name}, prefix: "2001:db8:${name}::/48", subscriber: {cpe: ${home}}}`,
      ),
    ),
    "cpes:",
    ...homes.map(({ name, words: [home] }) => `  - {name: ${home}, software: ${software(name)}}`),
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

let warned = "";
beforeAll(async () => {
  const { stderr, stdout } = await succeed(["up", writeLab((name) => name), "--timeout", "120"]);
  warned = stderr + stdout;
});

const inHome = async (home: string, script: string): Promise<string[]> => {
  const words = [
    "docker",
    "-H",
    `unix://${paths.socket}`,
    "exec",
    `mhlab-${LAB}-${home}`,
    "sh",
    "-c",
    script,
  ];
  return (await run(words)).stdout.split("\n").filter((line) => line !== "");
};

test("up takes them as they are, and warns of the lines that they do not serve", () => {
  for (const [home] of Object.values(HOMES)) expect(warned).toMatch(new RegExp(`${home}: warning: wan\\d`));
});

test.each(SOFTWARE)(
  "%s is told by status, with the prefixes that the providers say they delegated",
  async (name) => {
    const [home, ...providers] = HOMES[name];
    const status = await statusOf(LAB);
    const cpe = status.cpes.find((one) => one.name === home);
    expect(cpe).toMatchObject({ software: name, state: "degraded" });
    const delegated = status.providers
      .filter((one) => providers.includes(one.name))
      .map((one) => [one.name, one.delegations.map(({ prefix }) => prefix)] as const);
    expect(delegated.map(([, prefixes]) => prefixes.length)).toEqual([1, 1]);
    const known = new Map(delegated.map(([provider, [prefix]]) => [provider, prefix]));
    const seen = (cpe?.wans ?? []).filter(({ delegatedPrefix }) => delegatedPrefix !== null);
    for (const { provider, delegatedPrefix } of seen) expect(delegatedPrefix).toBe(known.get(provider));
    expect(seen.length).toBeGreaterThanOrEqual(Math.max(1, LEAST[name].prefixes));
    const host = cpe?.hosts[0];
    expect(new Set(host?.addresses.map(({ provider }) => provider))).toEqual(
      new Set(seen.map(({ provider }) => provider)),
    );
  },
);

test.each(SOFTWARE)(
  "a host behind %s reaches the internet by one provider at most, which refuses the other's sources",
  async (name) => {
    const [home, ...providers] = HOMES[name];
    const status = await statusOf(LAB);
    const host = status.cpes.find((one) => one.name === home)?.hosts[0];
    const sources = preferredOf(host?.addresses ?? []).map(({ address }) => address);
    expect(sources.length).toBeGreaterThan(0);
    const answers = await Promise.all(
      sources.map(async (source) => {
        const ping = ["ping", "-6", "-n", "-c", "3", "-i", "0.2", "-W", "1", "-I", source, INTERNET];
        return (await mhlab(["exec", "--lab", LAB, `${home}-host1`, "--", ...ping])).code === 0;
      }),
    );
    const answered = answers.filter((one) => one).length;
    expect(answered).toBeGreaterThanOrEqual(LEAST[name].answers);
    expect(answered).toBeLessThanOrEqual(1);
    const refused = sources[answers.indexOf(false)];
    if (refused === undefined) return;
    await eventually(async () => {
      const seen = (await statusOf(LAB)).providers.filter((one) => providers.includes(one.name));
      const spoofed = seen.flatMap((one) => one.leaks.addresses.map(({ address }) => address));
      expect(spoofed).toContain(refused);
    });
  },
);

test.each(SOFTWARE)("what %s runs has its own users and the rights that are written down", async (name) => {
  const [home] = HOMES[name];
  for (const daemon of FOREIGN_SOFTWARE[name].daemons({ wans: ["wan0", "wan1"], lan: "lan0" })) {
    const { user, capabilities } = PROGRAMS[daemon.confinement];
    const program = daemon.argv[0]?.split("/").at(-1) ?? "";
    const [owner, bounding = ""] = await inHome(
      home,
      `pid=$(pgrep -o -x ${program.slice(0, COMM)}); stat -c %U /proc/$pid; sed -n 's/^CapBnd:\\s*//p' /proc/$pid/status`,
    );
    expect([daemon.name, owner]).toEqual([daemon.name, user]);
    const bits = { net_admin: 12, net_raw: 13 } as const;
    const wanted = capabilities.reduce((sum, right) => sum | (1n << BigInt(bits[right])), 0n);
    expect([daemon.name, BigInt(`0x${bounding}`)]).toEqual([daemon.name, wanted]);
  }
});

test.each(SOFTWARE)("each program of %s that is killed runs again", async (name) => {
  const [home] = HOMES[name];
  const daemons = FOREIGN_SOFTWARE[name].daemons({ wans: ["wan0", "wan1"], lan: "lan0" });
  for (const { argv, name: daemon } of daemons) {
    const comm = (argv[0]?.split("/").at(-1) ?? "").slice(0, COMM);
    const [before] = await inHome(home, `pgrep -o -x ${comm}`);
    await inHome(home, `kill -9 ${before}`);
    await eventually(async () => {
      const [after = before] = await inHome(home, `pgrep -o -x ${comm} || true`);
      expect([daemon, after]).not.toEqual([daemon, before]);
      const cpe = (await statusOf(LAB)).cpes.find((one) => one.name === home);
      expect(cpe?.problems.filter(({ code }) => code === "daemon-down")).toEqual([]);
    });
  }
});

test.each(SOFTWARE)("%s comes back when its BNG and when it was restarted", async (name) => {
  const [home, , other] = HOMES[name];
  const served = async (): Promise<void> => {
    const wans = (await statusOf(LAB)).cpes.find((one) => one.name === home)?.wans ?? [];
    const count = (is: (wan: (typeof wans)[number]) => boolean): number => wans.filter(is).length;
    expect(count(({ carrier, defaultRouter }) => carrier && defaultRouter !== null)).toBe(2);
    expect(count(({ delegatedPrefix }) => delegatedPrefix !== null)).toBeGreaterThanOrEqual(
      LEAST[name].prefixes,
    );
    expect(count(({ reach }) => reach === "yes")).toBeGreaterThanOrEqual(LEAST[name].answers);
  };
  await docker.getContainer(`mhlab-${LAB}-${other}`).restart();
  await eventually(served, { timeoutMs: 60_000 });
  await docker.getContainer(`mhlab-${LAB}-${home}`).restart();
  await eventually(served, { timeoutMs: 60_000 });
});

test("another software is another container, and mhlab's own serves all lines", async () => {
  const file = writeLab(() => "bundled");
  const { stdout } = await mhlab(["up", file, "--dry-run"]);
  for (const [home] of Object.values(HOMES)) expect(stdout).toMatch(new RegExp(`${home}.*software`));
  for (const [, ...providers] of Object.values(HOMES))
    for (const provider of providers)
      expect(stdout).not.toMatch(new RegExp(`recreate\\S* .*\\b${provider}\\b`));
  await succeed(["up", file]);
  const status = await statusOf(LAB);
  expect(status.healthy).toBe(true);
  expect(status.cpes.flatMap(({ software }) => software ?? [])).toEqual([]);
});
