import { beforeEach, expect, test, vi } from "vitest";
import { isPresent, isUp, SteadyLink, SteadyRoutes } from "../../../../src/agent/net/glance.ts";
import { readLink, type Link } from "../../../../src/agent/net/link.ts";
import { fakeTime } from "../../support/fake-time.ts";

/** What /sys and /proc say. */
const kernel = vi.hoisted(() => new Map<string, string>());
/** What was read of it. */
const read = vi.hoisted(() => new Set<string>());
vi.mock("node:fs", () => ({
  existsSync: (path: string) => [...kernel.keys()].some((file) => file.startsWith(`${path}/`)),
  readFileSync: (path: string) => {
    read.add(path);
    const text = kernel.get(path);
    if (text === undefined) throw new Error("ENOENT");
    return text;
  },
}));
vi.mock("../../../../src/agent/net/link.ts", () => ({ readLink: vi.fn<typeof readLink>() }));

const ADDRESSES = "/proc/self/net/if_inet6";
const ROUTES = "/proc/self/net/ipv6_route";
const address = (last: string, name: string): string =>
  `fe80${"0".repeat(24)}000${last} 02 40 20 80     ${name}\n`;
const route = (destination: string, uses: string, flags = "00000001"): string =>
  `${destination} 40 ${"0".repeat(32)} 00 ${"0".repeat(32)} 00000400 00000001 ${uses} ${flags}     port\n`;

beforeEach(() => {
  kernel.clear();
  for (const [file, text] of Object.entries({
    ifindex: "2",
    flags: "0x1003",
    carrier: "1",
    carrier_changes: "1",
  }))
    kernel.set(`/sys/class/net/port/${file}`, text);
  kernel.set(ADDRESSES, address("1", "port"));
  kernel.set(ROUTES, route("2001", "00000000"));
  vi.mocked(readLink).mockReset();
  vi.mocked(readLink).mockImplementation(async () => ({ ifname: "port" }) as Link);
});

test("tells whether a link is there, and up", () => {
  expect([isPresent("port"), isPresent("other")]).toEqual([true, false]);
  expect([isUp("port"), isUp("other")]).toEqual([true, false]);
  kernel.set("/sys/class/net/port/flags", "0x1002");
  expect(isUp("port")).toBe(false);
});

test("nothing is read for which one waits while anybody on the machine changes links", async () => {
  read.clear();
  await new SteadyLink("port", fakeTime().clock).read();
  expect(read).toContain("/sys/class/net/port/flags");
  // Linux 6.18, net/ipv6/addrconf.c: busy for a millisecond each time under such a load.
  expect(read).not.toContain("/proc/sys/net/ipv6/conf/port/addr_gen_mode");
});

test("a link that looks the same is not asked for again, but seldom", async () => {
  const { clock, pass } = fakeTime();
  const link = new SteadyLink("port", clock);
  expect(await link.read()).toEqual({ ifname: "port" });
  await pass(29_000);
  await link.read();
  expect(readLink).toHaveBeenCalledTimes(1);
  await pass(600_000);
  await link.read();
  await link.read();
  expect(readLink).toHaveBeenCalledTimes(2);
});

test.each([
  ["another of that name", "/sys/class/net/port/ifindex", "3"],
  ["one that was set down", "/sys/class/net/port/flags", "0x1002"],
  ["a carrier that went and came", "/sys/class/net/port/carrier_changes", "3"],
  ["another mark", "/sys/class/net/port/ifalias", "mhlab:alpha"],
  ["an address more", ADDRESSES, address("1", "port") + address("2", "port")],
])("%s is seen at once", async (_, file, text) => {
  const { clock } = fakeTime();
  const link = new SteadyLink("port", clock);
  await link.read();
  kernel.set(file, text);
  await link.read();
  expect(readLink).toHaveBeenCalledTimes(2);
});

test("what becomes of other links is not looked at", async () => {
  const { clock } = fakeTime();
  const link = new SteadyLink("port", clock);
  await link.read();
  kernel.set(ADDRESSES, address("1", "port") + address("2", "export"));
  await link.read();
  expect(readLink).toHaveBeenCalledTimes(1);
});

test("a link that went is not there, whatever was remembered", async () => {
  const { clock } = fakeTime();
  const link = new SteadyLink("port", clock);
  await link.read();
  kernel.clear();
  expect(await link.read()).toBeUndefined();
  expect(readLink).toHaveBeenCalledTimes(1);
});

test("a change while the program looks is seen at the next glance", async () => {
  const { clock } = fakeTime();
  const link = new SteadyLink("port", clock);
  vi.mocked(readLink).mockImplementationOnce(async () => {
    kernel.set("/sys/class/net/port/carrier_changes", "3");
    return undefined;
  });
  await link.read();
  await link.read();
  expect(readLink).toHaveBeenCalledTimes(2);
});

test("routes are looked at when one came or went, not when one was used", async () => {
  const { clock } = fakeTime();
  const routes = new SteadyRoutes<number>("port", clock);
  let looks = 0;
  const look = async (): Promise<number> => (looks += 1);
  await routes.read(look);
  kernel.set(ROUTES, route("2001", "000000ff"));
  await routes.read(look);
  expect(looks).toBe(1);
  kernel.set(ROUTES, route("2001", "000000ff") + route("2002", "00000000"));
  expect(await routes.read(look)).toBe(2);
  kernel.set(ROUTES, route("2001", "000000ff", "00200200") + route("2002", "00000000"));
  expect(await routes.read(look)).toBe(3);
});
