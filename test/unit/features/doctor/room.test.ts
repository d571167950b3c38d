import { expect, test } from "vitest";
import { roomFindings } from "../../../../src/features/doctor/room-findings.ts";
import { parseRoom } from "../../../../src/core/model/host/room.ts";

const TEXT = `32768
192731
13.05 14.50 11.63 6/1812 4711
MemTotal:       24684288 kB
MemAvailable:   22180000 kB
`;

test("what the kernel allows is the lower of its two limits, less what runs", () => {
  expect(parseRoom(TEXT)).toEqual({
    tasks: { used: 1812, most: 32_768 },
    availableKib: 22_180_000,
    load: 13.05,
  });
  expect(parseRoom("")).toEqual({ tasks: undefined, availableKib: undefined, load: undefined });
});

test("a hundred providers have room here, and a thousand are refused with what would do", () => {
  const facts = { room: parseRoom(TEXT), features: new Map([["wireguard", true]]) };
  expect(roomFindings({ providers: 100, others: 20, tunnels: 100 }, facts)).toEqual([
    { id: "room", level: "ok", message: "there is room for 120 nodes" },
  ]);
  expect(roomFindings({ providers: 1000, others: 0, tunnels: 1000 }, facts)).toEqual([
    {
      id: "tasks",
      level: "block",
      message:
        "1000 nodes need about 48000 processes and threads; the kernel allows 32768 in all, 1812 are used",
      mend: "sudo sysctl -w kernel.pid_max=99624 kernel.threads-max=99624",
    },
    {
      id: "memory",
      level: "warn",
      message: "1000 nodes need about 36000 MiB of memory, 21660 are available",
      mend: "free memory, or take some nodes out of the lab",
    },
  ]);
});

test("tunnels that the bundled internet has no room for are refused, but not where the kernel makes them", () => {
  const findings = (tunnels: number, wireguard: boolean): unknown =>
    roomFindings(
      { providers: 60, others: 0, tunnels },
      { room: parseRoom(""), features: new Map([["wireguard", wireguard]]) },
    ).map(({ id, level }) => [id, level]);
  expect(findings(512, false)).toEqual([["room", "ok"]]);
  expect(findings(513, false)).toEqual([["tunnels", "block"]]);
  expect(findings(513, true)).toEqual([["room", "ok"]]);
});
