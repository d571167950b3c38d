/** Who stays in the host's network: nobody with a right there but a tunnel in user space. */
import { beforeAll, expect, test } from "vitest";
import { inMember, MEMBERS, processesOf, rightsIn, useBoundaryLab, type Process } from "./fixture.ts";

useBoundaryLab();

const guests = new Map<string, Process[]>();
beforeAll(async () => {
  for (const member of MEMBERS) {
    const { stdout } = await inMember(member, ["stat", "-L", "-c", "net:[%i]", "/var/run/netns/host"]);
    const found = (await processesOf(member)).filter(({ network }) => network === stdout.trim());
    guests.set(member, found);
  }
});

test("tunnels are there, and those who wait for their end of a link; nobody else", () => {
  const there = MEMBERS.map((member) => [
    member,
    ...(guests.get(member) ?? []).map(({ comm }) => comm).sort(),
  ]);
  expect(there).toEqual([
    ["internet", "wireguard-go", "wireguard-go"],
    ["alpha", "wireguard-go"],
    ["beta", "wireguard-go"],
    ["home", "ip"],
    ["home-host1", "ip"],
  ]);
});

test("none of them is root, and only a tunnel may change something", () => {
  for (const { comm, uid, effective } of [...guests.values()].flat()) {
    expect(uid).not.toBe(0);
    expect([comm, rightsIn(effective)]).toEqual([comm, comm === "wireguard-go" ? ["net_admin"] : []]);
  }
});
