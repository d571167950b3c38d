import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import type { FaultStatus } from "../../../src/core/model/status/model.ts";
import {
  far,
  FIRST,
  pdRoutes,
  prefixesOf,
  routesBecome,
  SECOND,
  stop,
  useBng,
  withBridge,
  withTwoClients,
  type Client,
} from "../bng/fixture.ts";
import type { HandBng } from "../support/bng.ts";
import type { Reply } from "../support/dhcp6.ts";
import { PROJECT } from "../support/place.ts";
import { eventually } from "../support/sandbox.ts";

useBng();

const DNS_SCRIPT = join(PROJECT, "test/system/support/dns.mjs");
const RESOLVER = "2001:db8::53";
const SUCCESS = undefined;
const [NO_BINDING, NO_PREFIX_AVAIL] = [3, 6];
const INFINITY = 0xffff_ffff;

let bng: HandBng;
let first: Client;
let second: Client;

beforeAll(async () => {
  ({
    bng,
    one: first,
    other: second,
  } = await withTwoClients({ dns: `[${RESOLVER}]`, "dns-search": "[alpha.example]" }));
  await first.send({ message: "solicit", rapid: true, pd: [1] });
  await routesBecome(bng, [FIRST]);
  await far.netns.run(["ip", "addr", "add", `${RESOLVER}/128`, "dev", "lo"]);
  await far.netns.start([process.execPath, DNS_SCRIPT, "serve", RESOLVER]);
});

/** All that a fault could leave behind. */
async function left(): Promise<string> {
  const found = await Promise.all([
    bng.exec(["cat", "/run/mhlab/bird.conf", "/run/mhlab/kea-dhcp6.conf"]),
    bng.exec(["nft", "list", "tables"]),
    bng.exec(["sh", "-c", "ip -o link show | sed 's/^[0-9]*: //'; ip -6 -o addr show | cut -d' ' -f2-7"]),
    bng.exec(["ip", "-6", "rule", "show"]),
    bng.exec(["sh", "-c", "ss -Hlntu 2>/dev/null | sort"]),
  ]);
  return [...found, JSON.stringify(await pdRoutes(bng))].join("\n");
}

/** What a fault does while it is in force; afterwards everything is as before. */
async function during(words: readonly string[], look: (fault: FaultStatus) => Promise<void>): Promise<void> {
  const before = await left();
  const injected = JSON.parse(await bng.exec(["bng", "inject", ...words])) as { fault: FaultStatus };
  let healed: FaultStatus[] = [];
  try {
    await look(injected.fault);
  } finally {
    ({ cleared: healed } = JSON.parse(await bng.exec(["bng", "clear", injected.fault.id])) as {
      cleared: FaultStatus[];
    });
  }
  const hits = healed.map((fault) => fault.hits.up + fault.hits.down);
  expect(hits[0], `${words.join(" ")} counts what it hit`).toBeGreaterThan(0);
  await eventually(async () => expect(await left()).toBe(before), { timeoutMs: 5000 });
  expect((await bng.status()).faults).toEqual([]);
}

/** Every router advertisement that answers a solicitation. */
async function advertised({ cpe } = first): Promise<string[]> {
  const { stdout } = await cpe.run(["rdisc6", "-m", "-r", "2", "-w", "2500", "wan0"], { check: false });
  return stdout.split(/^Hop limit/m).slice(1);
}

/** Notes every router advertisement on the link from now on, as tcpdump prints it. */
async function hearAdvertisements(): Promise<() => string> {
  const words = ["-lnvi", "wan0", "icmp6 and ip6[40] == 134"];
  const child = await first.cpe.start(["tcpdump", ...words]);
  onTestFinished(() => void child.kill());
  let text = "";
  child.stdout?.on("data", (more: Buffer) => (text += more.toString()));
  await new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error("tcpdump ended")));
    child.stderr?.on("data", (more: Buffer) => more.includes("listening") && resolve());
  });
  return () => text;
}

const ROUTER = /Router lifetime\s*:\s*1800/;
const PREFIX = /Prefix\s*:\s*2001:db8:a::\/64/;
const RDNSS = /Recursive DNS server\s*:\s*2001:db8::53/;
const MTU = /MTU\s*:\s*\d+/;

test("ra-deprecate: the prefix is told with a preferred lifetime of 0", async () => {
  await during(["ra-deprecate"], async () => {
    const told = await advertised();
    expect(told).not.toEqual([]);
    for (const ra of told) {
      expect(ra).toMatch(/Pref\. time\s*:\s*0/);
      expect(ra).toMatch(/Valid time\s*:\s*14400/);
      expect(ra).toMatch(ROUTER);
    }
  });
  expect((await advertised())[0]).toMatch(/Pref\. time\s*:\s*1800/);
});

test("ra-split: prefix and resolvers come apart, and healing takes no router away", async () => {
  const heard = await hearAdvertisements();
  await during(["ra-split"], async () => {
    const told = await advertised();
    const kinds = told.map((ra) =>
      [ROUTER, PREFIX, MTU, RDNSS].map((what) => (what.test(ra) ? "with" : "without")).join(" "),
    );
    const both = ["with with without without", "with without with with"];
    expect([...new Set(kinds)].sort()).toEqual(both);
  });
  const after = await advertised();
  expect(after.filter((ra) => PREFIX.test(ra) && RDNSS.test(ra) && MTU.test(ra))).toEqual(after);
  expect(heard()).toContain("router lifetime 1800s");
  expect(heard()).not.toContain("router lifetime 0s");
});

test("ra-rogue: a second router with its own MAC, prefix and preference, which forwards nothing", async () => {
  await during(["ra-rogue", "preference=high"], async (fault) => {
    const rogue = await eventually(
      async () => {
        const found = (await advertised()).find((ra) => /2001:db8:bad::\/64/.test(ra));
        expect(found).toMatch(/Router preference\s*:\s*high/);
        return found ?? "";
      },
      { timeoutMs: 20_000 },
    );
    const address = /from (fe80::bad:\S+)/.exec(rogue)?.[1] ?? "";
    await first.cpe.run(["ip", "-6", "addr", "replace", "2001:db8:a:8000::1/64", "dev", "lo"]);
    const ping = async (router: string): Promise<boolean> => {
      await first.cpe.run(["ip", "-6", "route", "replace", "2001:db8::1/128", "via", router, "dev", "wan0"]);
      const from = ["-I", "2001:db8:a:8000::1"];
      const argv = ["ping", "-6", "-c", "1", "-W", "2", ...from, "2001:db8::1"];
      return (await first.cpe.run(argv, { check: false })).code === 0;
    };
    const { linkLocal } = await bng.status();
    await eventually(async () => expect(await ping(linkLocal)).toBe(true), { timeoutMs: 10_000 });
    expect(await ping(address)).toBe(false);
    await first.cpe.run(["ip", "-6", "route", "del", "2001:db8::1/128"]);
    const { faults } = await bng.status();
    expect(faults.find(({ id }) => id === fault.id)?.hits).toEqual({
      up: expect.any(Number) as number,
      down: expect.any(Number) as number,
    });
    expect(faults[0]?.hits.up).toBeGreaterThan(0);
  });
  expect((await advertised()).filter((ra) => /2001:db8:bad::/.test(ra))).toEqual([]);
});

const onlyPrefix = (reply: Reply): Reply["pd"][number] | undefined => reply.pd[0];

test("dhcpv6-slow: each answer comes late, and both clients wait only for themselves", async () => {
  await during(["dhcpv6-slow", "delay=2s"], async () => {
    const began = performance.now();
    const both = await Promise.all(
      [first, second].map(({ send }) => send({ message: "solicit", pd: [1], retransmitMs: 5000 })),
    );
    expect(both.map(({ message }) => message)).toEqual(["advertise", "advertise"]);
    expect(performance.now() - began).toBeGreaterThan(2000);
  });
  expect((await first.send({ message: "renew", pd: [1], server: await ownServer() })).message).toBe("reply");
});

test("dhcpv6-no-prefix: who asks anew gets NoPrefixAvail and no lease, who renews keeps his", async () => {
  await during(["dhcpv6-no-prefix"], async () => {
    const asked = await second.send({ message: "solicit", rapid: true, pd: [1] });
    expect(onlyPrefix(asked)).toMatchObject({ status: NO_PREFIX_AVAIL, leases: [] });
    expect(onlyPrefix(await first.send({ message: "solicit", pd: [1] }))).toMatchObject({
      status: NO_PREFIX_AVAIL,
      leases: [],
    });
    expect((await bng.status()).delegations.map(({ prefix }) => prefix)).toEqual([FIRST]);
  });
  expect(prefixesOf(await first.send({ message: "solicit", rapid: true, pd: [1] }))).toEqual([FIRST]);
});

test("dhcpv6-no-binding: Renew and Rebind know nothing, a Request brings the same prefix", async () => {
  await during(["dhcpv6-no-binding"], async () => {
    for (const message of ["renew", "rebind"] as const) {
      expect(onlyPrefix(await first.send({ message, pd: [1] }))).toMatchObject({
        status: NO_BINDING,
        leases: [],
      });
    }
    expect(prefixesOf(await first.send({ message: "request", pd: [1] }))).toEqual([FIRST]);
  });
  const renewed = onlyPrefix(await first.send({ message: "renew", pd: [1] }));
  expect(renewed?.status).toBe(SUCCESS);
  expect(renewed?.leases).toMatchObject([{ value: FIRST, valid: 14_400 }]);
});

test("dhcpv6-t1-after-t2 and dhcpv6-infinite: the times are told, the lease is the true one", async () => {
  await during(["dhcpv6-t1-after-t2", "t1=20m", "t2=10m"], async () => {
    expect(onlyPrefix(await first.send({ message: "renew", pd: [1] }))).toMatchObject({
      t1: 1200,
      t2: 600,
      leases: [{ value: FIRST, preferred: 1800, valid: 14_400 }],
    });
  });
  await during(["dhcpv6-infinite"], async () => {
    const renewed = await first.send({ message: "renew", na: [], pd: [1] });
    expect(onlyPrefix(renewed)).toMatchObject({
      t1: INFINITY,
      t2: INFINITY,
      leases: [{ value: FIRST, preferred: INFINITY, valid: INFINITY }],
    });
    expect((await bng.status()).delegations[0]?.validS).toBeLessThanOrEqual(14_400);
  });
  expect(onlyPrefix(await first.send({ message: "renew", pd: [1] }))).toMatchObject({
    t1: 900,
    t2: 1440,
    leases: [{ value: FIRST, preferred: 1800, valid: 14_400 }],
  });
});

test("dhcpv6-length-change: a renewed prefix has another length", async () => {
  await during(["dhcpv6-length-change", "length=60"], async () => {
    for (const _ of [1, 2]) {
      expect(prefixesOf(await first.send({ message: "renew", pd: [1] }))).toEqual(["2001:db8:a:8000::/60"]);
    }
  });
  expect(prefixesOf(await first.send({ message: "renew", pd: [1] }))).toEqual([FIRST]);
});

test("dhcpv6-old-and-new: one Reply has the old prefix at 0 and a new one, which is routed", async () => {
  const NEW = "2001:db8:a:ff00::/56";
  await during(["dhcpv6-old-and-new"], async () => {
    for (const _ of [1, 2]) {
      expect(onlyPrefix(await first.send({ message: "renew", pd: [1] }))?.leases).toEqual([
        { value: FIRST, preferred: 0, valid: 0 },
        { value: NEW, preferred: 1800, valid: 14_400 },
      ]);
    }
    await routesBecome(bng, [FIRST, NEW]);
    await first.cpe.run(["ip", "-6", "addr", "replace", "2001:db8:a:ff00::1/64", "dev", "lo"]);
    const ping = ["ping", "-6", "-c", "1", "-W", "1", "-I", "2001:db8:a:ff00::1", "2001:db8::1"];
    await eventually(() => first.cpe.run(ping), { timeoutMs: 10_000 });
  });
  expect(prefixesOf(await first.send({ message: "renew", pd: [1] }))).toEqual([FIRST]);
});

test("dhcpv6-duplicate: a second customer is told the prefix of the first one", async () => {
  expect(prefixesOf(await second.send({ message: "solicit", rapid: true, pd: [1] }))).toEqual([SECOND]);
  await routesBecome(bng, [FIRST, SECOND]);
  await during(["dhcpv6-duplicate"], async () => {
    for (const { send } of [first, second]) {
      expect(prefixesOf(await send({ message: "solicit", rapid: true, pd: [1] }))).toEqual([FIRST]);
      expect(prefixesOf(await send({ message: "renew", pd: [1] }))).toEqual([FIRST]);
    }
  });
  // What his server knows of him was true all the time.
  expect(prefixesOf(await second.send({ message: "renew", pd: [1] }))).toEqual([SECOND]);
});

test("dhcpv6-second-server: two servers answer, and whoever is chosen goes on to be it", async () => {
  await during(["dhcpv6-second-server", "preference=200"], async () => {
    const here = await first.send({ message: "solicit", pd: [1], gatherMs: 500 });
    const there = here.others?.[0];
    expect(here.others).toHaveLength(1);
    expect(there?.server).not.toBe(here.server);
    expect([here.preference, there?.preference]).toEqual([undefined, 200]);
    const THEIRS = "2001:db8:bad:8000::/56";
    expect(prefixesOf(there ?? here)).toEqual([THEIRS]);
    const chosen = { server: there?.server ?? "", gatherMs: 300, pd: [1] };
    for (const message of ["request", "renew"] as const) {
      const answer = await first.send({ message, ...chosen });
      expect([answer.server, prefixesOf(answer), answer.others]).toEqual([there?.server, [THEIRS], []]);
    }
    const back = { server: here.server ?? "", gatherMs: 300, pd: [1] };
    expect(prefixesOf(await first.send({ message: "request", ...back }))).toEqual([FIRST]);
  });
  expect((await first.send({ message: "solicit", pd: [1], gatherMs: 500 })).others).toEqual([]);
});

interface Heard {
  code: number;
  addresses: string[];
  ms: number;
}

/** Asks the provider's resolver from the first customer's prefix. */
async function ask(name: string, type = "AAAA", by = "udp"): Promise<Heard> {
  return await askFrom(first, [name, type, by]);
}

async function askFrom({ cpe }: Client, words: readonly string[]): Promise<Heard> {
  const argv = [process.execPath, DNS_SCRIPT, "ask", "2001:db8:a:8000::1", RESOLVER, ...words];
  return JSON.parse((await cpe.run(argv)).stdout) as Heard;
}

const TRUTH = { code: 0, addresses: ["2001:db8::80"] };

test("dns-slow, dns-lie, dns-other-view: the resolver answers late, wrongly, or knows nothing, by UDP and TCP", async () => {
  await first.cpe.run(["ip", "-6", "addr", "replace", "2001:db8:a:8000::1/64", "dev", "lo"]);
  await eventually(async () => expect(await ask("www.example")).toMatchObject(TRUTH), { timeoutMs: 10_000 });
  for (const by of ["udp", "tcp"]) {
    await during(["dns-slow", "delay=1s"], async () => {
      const heard = await ask("www.example", "AAAA", by);
      expect(heard).toMatchObject(TRUTH);
      expect(heard.ms).toBeGreaterThanOrEqual(1000);
    });
    await during(["dns-lie", "name=www.example"], async () => {
      expect(await ask("www.example", "AAAA", by)).toMatchObject({ code: 0, addresses: ["2001:db8:bad::1"] });
      expect(await ask("www.example", "A", by)).toMatchObject({ code: 0, addresses: [] });
      expect(await ask("mail.example", "AAAA", by)).toMatchObject(TRUTH);
    });
    await during(["dns-other-view", "known=inside.example"], async () => {
      expect(await ask("www.inside.example", "AAAA", by)).toMatchObject(TRUTH);
      expect(await ask("www.example", "AAAA", by)).toMatchObject({ code: 3, addresses: [] });
    });
    expect(await ask("www.example", "AAAA", by)).toMatchObject(TRUTH);
  }
});

test("lies are told together, and a restart of the container keeps them", async () => {
  // The one of the other tests would answer for the same prefix.
  await stop(bng);
  const { bng: again, one } = await withBridge({ dns: `[${RESOLVER}]` });
  await one.send({ message: "solicit", rapid: true, pd: [1] });
  await routesBecome(again, [FIRST]);
  await one.cpe.run(["ip", "-6", "addr", "replace", "2001:db8:a:8000::1/64", "dev", "lo"]);
  for (const words of [
    ["ra-split"],
    ["ra-rogue"],
    ["dhcpv6-infinite"],
    ["dhcpv6-second-server"],
    ["dns-lie"],
  ])
    await again.exec(["bng", "inject", ...words]);
  const lied = async (): Promise<void> => {
    const told = await advertised(one);
    expect(told.some((ra) => PREFIX.test(ra) && !MTU.test(ra))).toBe(true);
    expect(told.some((ra) => MTU.test(ra) && !PREFIX.test(ra))).toBe(true);
    expect(told.some((ra) => ra.includes("2001:db8:bad::/64"))).toBe(true);
    const offered = await one.send({ message: "solicit", pd: [1], gatherMs: 500 });
    expect(offered.others).toHaveLength(1);
    expect(onlyPrefix(offered)).toMatchObject({ leases: [{ value: FIRST, valid: INFINITY }] });
    const heard = await askFrom(one, ["www.example", "AAAA", "udp"]);
    expect(heard.addresses).toEqual(["2001:db8:bad::1"]);
  };
  await eventually(lied, { timeoutMs: 30_000 });
  await again.restart();
  await again.until("ready again", ({ ready }) => ready, 20_000);
  await eventually(lied, { timeoutMs: 40_000 });
  await again.exec(["bng", "clear", "all"]);
  expect((await one.send({ message: "solicit", pd: [1], gatherMs: 500 })).others).toEqual([]);
  const told = await advertised(one);
  expect(told.filter((ra) => !(PREFIX.test(ra) && MTU.test(ra)))).toEqual([]);
  await stop(again);
});

/** The DUID by which the provider's own server answers. */
async function ownServer(): Promise<string> {
  const { server = "" } = await first.send({ message: "solicit", rapid: true, pd: [1] });
  return server;
}
