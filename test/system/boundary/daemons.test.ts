/** From exactly the rights of each daemon: what an intruder in it could do. */
import { beforeAll, expect, test } from "vitest";
import { PROGRAMS } from "../../../src/core/render/confinement/programs.ts";
import {
  inNode,
  NODES,
  processesOf,
  rightsIn,
  useBoundaryLab,
  withRightsOf,
  type Process,
} from "./fixture.ts";

useBoundaryLab();

/** The daemons of a lab: where one runs, and how the kernel calls it. */
const DAEMONS = [
  ["kea", "alpha", "kea-dhcp6"],
  ["bird", "alpha", "bird"],
  ["tcpdump", "alpha", "tcpdump"],
  ["wireguard", "alpha", "wireguard-go"],
  ["ping", "alpha", "ping"],
  ["monitor", "alpha", "ip"],
  ["dnsmasq", "internet", "dnsmasq"],
  ["named", "internet", "named"],
  ["tayga", "internet", "tayga"],
  ["iperf3", "internet", "iperf3"],
  ["probe", "internet", "probe"],
  ["wireguard", "internet", "wireguard-go"],
  ["dhcpcd", "home", "dhcpcd"],
  ["radvd", "home", "radvd"],
] as const;

const running = new Map<string, readonly Process[]>();
beforeAll(async () => {
  for (const node of NODES) running.set(node, await processesOf(node));
});

function processOf(node: string, comm: string): Process {
  const found = running.get(node)?.find((one) => one.comm === comm);
  if (found === undefined) throw new Error(`${comm} does not run in ${node}`);
  return found;
}

test.each(NODES)(
  "in %s the agent and its runner alone are root, and nobody else gets a right back",
  (node) => {
    const ours = new Set(["catatonit", "node", "runner"]);
    const others = (running.get(node) ?? []).filter(({ comm }) => !ours.has(comm));
    expect(others.length).toBeGreaterThan(0);
    for (const { comm, uid, bounding, effective, noNewPrivileges } of others) {
      expect([comm, uid === 0, noNewPrivileges]).toEqual([comm, false, true]);
      expect([comm, bounding]).toEqual([comm, effective]);
    }
  },
);

test.each(DAEMONS)("%s of %s (%s) has the rights that are written down", async (program, node, comm) => {
  const { uid, gid, effective } = processOf(node, comm);
  expect(rightsIn(effective)).toEqual([...PROGRAMS[program].capabilities]);
  const { user } = PROGRAMS[program];
  const { stdout } = await inNode(node, ["sh", "-c", `id -u ${user}; id -g ${user}`]);
  const [named, group] = stdout.split("\n").map(Number);
  expect(gid).toBe(group);
  // Each tunnel's program is a user of its own: the kernel counts inotify instances by user.
  expect([uid, program === "wireguard" ? uid >= 0x7000_0000 : uid === named]).toEqual([uid, true]);
});

test.each(DAEMONS)(
  "from the rights of %s in %s (%s) nothing is written but its own, and nothing there is run",
  async (program, node, comm) => {
    const daemon = processOf(node, comm);
    const as = (script: string): ReturnType<typeof inNode> =>
      inNode(node, withRightsOf(daemon, ["sh", "-c", script]));
    const { stdout } = await as(
      // Mounts below / are looked at too; /proc and /sys are the kernel's, and tested by writing.
      `find / \\( -path /proc -o -path /sys \\) -prune -o ! -type l -writable ! -type c ! -type p ! -type s -print 2>/dev/null`,
    );
    const own: readonly string[] = PROGRAMS[program].writes;
    const beyond = stdout
      .split("\n")
      .filter(
        (path) => path !== "" && !own.some((folder) => path === folder || path.startsWith(`${folder}/`)),
      )
      .filter((path) => !/^\/(tmp|var\/tmp|dev\/shm|dev\/mqueue|run\/lock)(\/|$)/.test(path));
    expect(beyond).toEqual([]);
    for (const path of [
      "/usr/local/lib/mhlab/agent.js",
      "/usr/local/lib/mhlab/program.js",
      "/usr/local/lib/mhlab/program.cache",
      "/usr/local/lib/mhlab/runner",
      "/usr/local/lib/mhlab/tally",
      "/usr/local/bin/agent",
      "/usr/local/bin/node",
      "/etc/passwd",
      "/proc/sys/kernel/core_pattern",
      "/proc/sys/net/ipv6/conf/all/forwarding",
    ]) {
      expect([path, (await as(`echo intruder >> ${path}`)).code === 0]).toEqual([path, false]);
    }
    for (const folder of ["/tmp", "/dev/shm"]) {
      expect((await as(`cp /bin/true ${folder}/intruder; ${folder}/intruder`)).code).toBe(126);
    }
  },
);

test.each(DAEMONS)(
  "from the rights of %s in %s (%s) no key is read, no namespace entered, no other process touched",
  async (program, node, comm) => {
    const daemon = processOf(node, comm);
    for (const attempt of [
      "cat /etc/mhlab/keys/*",
      "ls /etc/mhlab/keys",
      "cat /proc/1/environ",
      "cat /proc/1/maps",
      "mount -t proc proc /mnt",
      "nsenter --net=/var/run/netns/host true",
      "unshare --user --map-root-user true",
      "kill -0 1",
      "kill -TERM $(pgrep -o node)",
      "echo 'resync' | nc -w 2 -NU /run/mhlab/agent.sock",
      `echo 'override set router-advertisement.lifetime=0s' | nc -w 2 -NU /run/mhlab/agent.sock`,
      "for socket in /run/mhlab-lab/*.sock; do echo status | nc -w 2 -NU $socket && exit 0; done; exit 1",
      "touch /run/mhlab-lab/intruder.sock",
      "touch /run/mhlab/intruder",
      "su -c id",
    ]) {
      const { code, stdout } = await inNode(node, withRightsOf(daemon, ["sh", "-c", attempt]));
      expect([attempt, code === 0, stdout]).toEqual([attempt, false, ""]);
    }
  },
);
