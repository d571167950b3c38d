/** Who stays in the host's network: nobody with a right there but a tunnel in user space. */
import { beforeAll, expect, test } from "vitest";
import { inLabHost } from "../support/sandbox.ts";
import { inNode, NODES, processesOf, rightsIn, useBoundaryLab, type Process } from "./fixture.ts";

useBoundaryLab();

/** Groups of rtnetlink(7) as masks: what `ip monitor link` joins, and what wireguard-go joins. */
const LINKS = 0x1;
const LINKS_AND_ADDRESSES = 0x111;

const guests = new Map<string, Process[]>();
beforeAll(async () => {
  for (const node of NODES) {
    const { stdout } = await inNode(node, ["stat", "-L", "-c", "net:[%i]", "/var/run/netns/host"]);
    const found = (await processesOf(node)).filter(({ network }) => network === stdout.trim());
    guests.set(node, found);
  }
});

test("tunnels are there, and those who wait for their end of a link; nobody else", () => {
  const there = NODES.map((node) => [node, ...(guests.get(node) ?? []).map(({ comm }) => comm).sort()]);
  expect(there).toEqual([
    ["internet", "wireguard-go", "wireguard-go"],
    ["alpha", "wireguard-go"],
    ["beta", "wireguard-go"],
    ["home", "ip"],
    ["home-host1", "ip"],
  ]);
});

test("what changes in the host's network wakes no tunnel: its far side is on the same machine", async () => {
  const { stdout } = await inLabHost(["cat", "/proc/net/netlink"]);
  const listening = stdout.split("\n").map((line) => parseInt(line.trim().split(/\s+/)[3] ?? "", 16));
  expect(listening.filter((groups) => groups === LINKS_AND_ADDRESSES)).toEqual([]);
  // Of those who have a use for it, one hears of links.
  expect(listening).toContain(LINKS);
});

test("none of them is root, and only a tunnel may change something", () => {
  for (const { comm, uid, effective } of [...guests.values()].flat()) {
    expect(uid).not.toBe(0);
    expect([comm, rightsIn(effective)]).toEqual([comm, comm === "wireguard-go" ? ["net_admin"] : []]);
  }
});
