/** Containers of the user's own as CPE, with a link of the lab for each WAN and the LAN: started before or after, and again. */
import type Docker from "dockerode";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatIp6 } from "../../../src/core/model/ip6.ts";
import { deriveLinkLocal } from "../../../src/core/model/settings/router-advertisement.ts";
import { foreignSoftware } from "../../../src/core/render/cpe/software/registry.ts";
import { docker, eventually, imageOf } from "../support/sandbox.ts";
import { labFolder, statusOf, succeed, useLabs } from "./fixture.ts";
import { deviceOf, judged, SCENARIOS, type ScenarioName } from "./judged.ts";

useLabs();

const SOFTWARE = ["dhcpcd", "networkd"] as const;
type Software = (typeof SOFTWARE)[number];

/** Beyond what Docker gives everybody. */
const CAPABILITIES: Readonly<Record<Software, readonly string[]>> = {
  dhcpcd: ["NET_ADMIN"],
  networkd: ["NET_ADMIN", "SYS_ADMIN", "NET_BROADCAST", "BPF"],
};

const LINES = { wans: ["wan0", "wan1"], lan: "lan0" };
const PREFIXES = { alpha: "2001:db8:a::/48", beta: "2001:db8:b::/48" };

/** What is found of each, for better and for worse. */
const KEPT: Readonly<Record<Software, Readonly<Record<ScenarioName, readonly string[]>>>> = {
  dhcpcd: {
    "load-share": ["by-alpha-lives passed", "by-beta-lives passed", "no-leaks passed"],
    "silent-upstream": ["beta-stays passed", "alpha-outage passed"],
    "sadr-exit": ["alpha-by-alpha passed", "beta-by-beta passed", "another-source-please failed"],
    "primary-backup-return": ["beta-stays passed"],
  },
  networkd: {
    // Its LAN has the prefix of one provider as a rule, by chance of either, and it need not be that which its host sends from.
    "load-share": [],
    "silent-upstream": [],
    "sadr-exit": [],
    "primary-backup-return": [],
  },
};

const labOf = (software: Software): string => `box-${software}`;
const files = new Map<Software, string>();
const boxes = new Map<Software, Docker.Container>();

function writeLab(software: Software): string {
  const into = (name: string): string => `{veth: {name: ${name}, into: "container:${labOf(software)}"}}`;
  const path = join(labFolder(), `${labOf(software)}.yaml`);
  const lines = [
    `name: ${labOf(software)}`,
    "internet: bundled",
    "providers:",
    ...Object.entries(PREFIXES).map(
      ([name, prefix], index) =>
        `  - {name: ${name}, prefix: "${prefix}", subscriber: ${into(LINES.wans[index] ?? "")}}`,
    ),
    "cpes:",
    `  - {name: home, device: true, lan: ${into(LINES.lan)}}`,
  ];
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

/** Each source by its own provider, which neither software does by itself. */
const ROUTING = [
  "ip -6 rule add priority 100 lookup main suppress_prefixlength 0",
  ...Object.entries(PREFIXES).map(([name, prefix], index) => {
    const [table, wan] = [101 + index, LINES.wans[index]];
    const via = formatIp6(deriveLinkLocal(name));
    return `ip -6 rule add priority 200 from ${prefix} lookup ${table}
(while sleep 0.5; do ip -6 route replace default via ${via} dev ${wan} table ${table}; done) 2>/dev/null &
ip -6 route add unreachable default dev lo table ${table} metric 4096`;
  }),
];

/** Nothing of mhlab runs in it: an image with such programs, and a script that starts them at once, links or not. */
async function makeBox(software: Software, image: string): Promise<Docker.Container> {
  const foreign = foreignSoftware(software);
  if (foreign === undefined) throw new Error(`no ${software}`);
  const script = [
    "mkdir -p /run/mhlab /run/dhcpcd /run/dhcpcd-state /run/radvd /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp",
    "chown -R systemd-network: /run/systemd/netif 2>/dev/null",
    ...foreign.files(LINES).map(({ path, text }) => `cat > ${path} <<'EOF'\n${text}\nEOF`),
    ...ROUTING,
    ...foreign
      .daemons(LINES)
      .map(
        ({ argv, pidFile }) =>
          `(while :; do rm -f ${pidFile ?? "/run/none"}; ${argv.join(" ")}; sleep 1; done) &`,
      ),
    "wait",
  ].join("\n");
  return await docker.createContainer({
    name: labOf(software),
    Image: image,
    Entrypoint: ["sh", "-c", script],
    Cmd: [],
    StopTimeout: 0,
    HostConfig: {
      NetworkMode: "none",
      RestartPolicy: { Name: "always" },
      CapAdd: [...CAPABILITIES[software]],
      // What `--security-opt systempaths=unconfined` does: both write /proc/sys.
      MaskedPaths: [],
      ReadonlyPaths: [],
      Sysctls: {
        "net.ipv6.conf.all.disable_ipv6": "0",
        "net.ipv6.conf.default.disable_ipv6": "0",
        "net.ipv6.conf.all.forwarding": "1",
        "net.ipv6.conf.all.ignore_routes_with_linkdown": "1",
      },
    },
  });
}

beforeAll(async () => {
  const image = await imageOf("cpe-others");
  for (const software of SOFTWARE) {
    const file = writeLab(software);
    files.set(software, file);
    const box = await makeBox(software, image);
    boxes.set(software, box);
    // One is there before its lab, the other comes after it.
    if (software === "dhcpcd") await box.start();
    await succeed(["up", file]);
    if (software !== "dhcpcd") await box.start();
  }
});

afterAll(async () => {
  for (const box of boxes.values()) await box.remove({ force: true });
});

const isReady = async (software: Software): Promise<void> => {
  const { wans, lan } = await deviceOf(labOf(software));
  expect(wans.map(({ delegatedPrefixes }) => delegatedPrefixes.length)).toEqual([1, 1]);
  expect(lan?.routers).toHaveLength(1);
  const [host] = (await statusOf(labOf(software))).hosts;
  expect(host?.addresses.some(({ state }) => state === "preferred")).toBe(true);
};

test.each(SOFTWARE)(
  "%s in a container has its links without a command, also after a restart",
  async (software) => {
    await eventually(() => isReady(software), { timeoutMs: 60_000 });
    await boxes.get(software)?.kill();
    await boxes.get(software)?.start();
    await eventually(async () => expect((await deviceOf(labOf(software))).lan?.routers).toHaveLength(1), {
      timeoutMs: 60_000,
    });
    await eventually(() => isReady(software), { timeoutMs: 60_000 });
  },
  180_000,
);

test.each(SOFTWARE.flatMap((software) => SCENARIOS.map((name) => [software, name] as const)))(
  "%s in a container is judged by the shipped scenario %s",
  async (software, name) => {
    const verdicts = await judged(name, labOf(software), files.get(software) ?? "", software === "dhcpcd");
    expect(verdicts).not.toEqual([]);
    expect(verdicts).toEqual(expect.arrayContaining([...KEPT[software][name]]));
  },
  180_000,
);
