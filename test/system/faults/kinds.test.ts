/** Every kind bites on real packets, counts what it met, and leaves nothing behind. */
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { FaultStatus, LabStatus } from "../../../src/core/model/status/model.ts";
import { FAULT_KINDS } from "../../../src/core/model/faults/kinds.ts";
import { ALPHA, BETA, statusOf, succeed, useLabs, writeLab } from "../lab/fixture.ts";
import { eventually, type CommandResult } from "../support/sandbox.ts";
import { faultyLab, type Snapshot } from "./fixture.ts";

useLabs();

const LAB = "faulty";
const HOST = "home-host1";
const FAR = "2001:db8::1";
const PREFIX = "2001:db8:a:8000::/56";
const { heal, inject, inside, provider, healthy, snapshot } = faultyLab(LAB);

let source = "";
let wan = "";
let before: Snapshot;

beforeAll(async () => {
  const often = { ...ALPHA, more: "router-advertisement: {interval: 4s, lifetime: 10m}" };
  await succeed(["up", writeLab(LAB, [often, BETA])]);
  const status = await healthy();
  const [home] = status.cpes;
  source = home?.hosts[0]?.addresses.find(({ address }) => address.startsWith("2001:db8:a:"))?.address ?? "";
  wan = home?.wans.find((one) => one.provider === "alpha")?.interface ?? "";
  before = await snapshot("alpha");
});

afterEach(async () => {
  await heal("alpha");
});

/** Pings the internet from the host, from an address of alpha. */
const ping = (words = "-c 1 -W 1", target = FAR): Promise<CommandResult> =>
  inside(HOST, ["ping", "-6", "-n", ...words.split(" "), "-I", source, target]);
const reached = async (): Promise<void> => expect(await ping()).toMatchObject({ code: 0 });
/** What a router advertisement says to the CPE that asks for it; empty when none comes. */
const advertised = async (): Promise<string> =>
  (await inside("home", ["rdisc6", "-1", "-r", "2", "-w", "1500", wan])).stdout;
const carrier = async (): Promise<boolean> => {
  const { stdout } = await inside("home", ["cat", `/sys/class/net/${wan}/carrier`]);
  return stdout.trim() === "1";
};
const alpha = async (): Promise<LabStatus["providers"][number] | undefined> =>
  (await statusOf(LAB)).providers.find(({ name }) => name === "alpha");

interface Case {
  readonly words?: readonly string[];
  /** Sees it in force. */
  readonly bites: (fault: FaultStatus) => Promise<void>;
  /** The ways on which packets were met; left out of a kind that meets none. */
  readonly hits?: readonly ("up" | "down")[];
  /** Sees it healed, beside the state of the provider. */
  readonly healed?: () => Promise<void>;
}

const CASES: Partial<Record<(typeof FAULT_KINDS)[number], Case>> = {
  "link-carrier-down": {
    bites: async () => {
      await eventually(async () => expect(await carrier()).toBe(false));
      expect((await ping()).code).not.toBe(0);
      expect((await alpha())?.problems).toContainEqual(
        expect.objectContaining({ code: "no-carrier", explainedBy: [expect.any(String)] }),
      );
    },
    healed: reached,
  },
  "link-flap": {
    words: ["down=1s", "up=1s"],
    bites: async () => {
      for (const up of [false, true, false])
        await eventually(async () => expect(await carrier()).toBe(up), { everyMs: 50 });
    },
    healed: reached,
  },
  "link-nd-silent": {
    bites: async () => {
      const { linkLocal } = await provider("alpha");
      expect((await inside("home", ["ndisc6", "-1", "-r", "1", "-w", "700", linkLocal, wan])).code).not.toBe(
        0,
      );
    },
    hits: ["up"],
    healed: async () => {
      const { linkLocal } = await provider("alpha");
      expect((await inside("home", ["ndisc6", "-1", linkLocal, wan])).code).toBe(0);
    },
  },
  "link-multicast-loss": {
    words: ["share=100%"],
    bites: async () => {
      expect(await advertised()).not.toContain("Router lifetime");
      await reached();
      // The host's solicitation is lost, so what is lost on the way down is the next periodic advertisement.
      await eventually(async () => {
        expect((await alpha())?.faults[0]?.hits.down).toBeGreaterThan(0);
      });
    },
    hits: ["up", "down"],
    healed: async () => expect(await advertised()).toContain("Router lifetime"),
  },
  "upstream-blackhole": {
    words: ["direction=down", `from=${PREFIX}`, "protocol=icmpv6"],
    bites: async () => {
      const { stdout } = await ping("-c 3 -i 0.2 -W 1");
      expect(stdout).toMatch(/3 packets transmitted, 0 received/);
      expect(stdout).not.toContain("nreachable");
    },
    hits: ["down"],
    healed: reached,
  },
  "upstream-unreachable": {
    words: ["code=admin-prohibited"],
    bites: async () => expect((await ping()).stdout).toContain("Administratively prohibited"),
    hits: ["up"],
    healed: reached,
  },
  "upstream-tunnel-down": {
    bites: async () => {
      expect((await ping()).stdout).toMatch(/No route|unreachable/i);
      await eventually(async () =>
        expect(await alpha()).toMatchObject({
          uplink: { state: "down" },
          problems: [{ code: "no-tunnel", explainedBy: [expect.any(String)] }],
        }),
      );
    },
    hits: ["up"],
    healed: () => eventually(reached),
  },
  "upstream-pmtu-blackhole": {
    words: ["mtu=1300"],
    bites: async () => {
      expect((await ping("-c 1 -W 1 -s 1252")).code).toBe(0);
      const { stdout } = await ping("-c 2 -i 0.2 -W 1 -s 1260 -M do");
      expect(stdout).toMatch(/2 packets transmitted, 0 received/);
      expect(stdout).not.toMatch(/too big|too long/i);
    },
    hits: ["up"],
    healed: async () => expect((await ping("-c 1 -W 1 -s 1260 -M do")).code).toBe(0),
  },
  "upstream-walled-garden": {
    words: [`allow=${FAR}/128`],
    bites: async () => {
      await reached();
      expect((await ping("-c 1 -W 1", "2001:db8:ffff::1")).stdout).toContain("Administratively prohibited");
    },
    hits: ["up"],
  },
  "upstream-filter-flip": {
    words: ["period=1s"],
    bites: async () => {
      const { stdout } = await ping("-c 40 -i 0.1 -W 1");
      const received = Number(/(\d+) received/.exec(stdout)?.[1]);
      expect(received).toBeGreaterThan(5);
      expect(received).toBeLessThan(35);
      expect(stdout).toMatch(/ingress|policy/i);
    },
    hits: ["up"],
    healed: reached,
  },
  "ra-stop": {
    bites: async () => expect(await advertised()).not.toContain("Router lifetime"),
    hits: ["down"],
    healed: async () => expect(await advertised()).toMatch(/Router lifetime +: +600/),
  },
  "ra-lifetime-zero": {
    bites: async () => {
      expect(await advertised()).toMatch(/Router lifetime +: +0 /);
      await eventually(async () => {
        const { cpes, asked } = await statusOf(LAB);
        expect(cpes[0]?.wans.find((one) => one.provider === "alpha")).toMatchObject({ defaultRouter: null });
        expect(asked).toBe(true);
      });
    },
    hits: ["down"],
    healed: async () => expect(await advertised()).toMatch(/Router lifetime +: +600/),
  },
  "ra-loss": {
    words: ["share=100%"],
    bites: async ({ id }) => {
      expect(await advertised()).toMatch(/Router lifetime +: +600/);
      await eventually(async () =>
        expect((await provider("alpha")).faults.find((one) => one.id === id)?.hits.down).toBeGreaterThan(0),
      );
    },
    hits: ["down"],
  },
  "ra-mtu-lie": {
    // With a time, as also a rule behind the port has to bear it.
    words: ["mtu=9000", "for=2m"],
    bites: async () => expect(await advertised()).toMatch(/MTU +: +9000/),
    hits: ["down"],
    healed: async () => expect(await advertised()).toMatch(/MTU +: +1420/),
  },
  "dhcpv6-mute": {
    bites: async ({ id }) => {
      await inside("home", ["agent", "resync"]);
      await inside("home", ["pkill", "-HUP", "-x", "dhcpcd"]);
      await eventually(async () =>
        expect((await provider("alpha")).faults.find((one) => one.id === id)?.hits.up).toBeGreaterThan(0),
      );
    },
    hits: ["up"],
  },
  "dns-dead": {
    bites: async () => expect((await resolve()).stdout).toBe("dead"),
    hits: ["up"],
    healed: async () => expect((await resolve()).stdout).toBe("answers"),
  },
  "bng-route-lost": {
    words: [`from=${PREFIX}`],
    bites: async () => {
      expect((await ping()).code).not.toBe(0);
      expect(await alpha()).toMatchObject({
        delegations: [{ prefix: PREFIX, routed: false }],
        problems: [{ code: "not-routed", explainedBy: [expect.any(String)] }],
      });
    },
    hits: ["down"],
    healed: reached,
  },
  "bng-lease-lost": {
    bites: async () => {
      expect(await alpha()).toMatchObject({ delegations: [] });
      await reached();
    },
    hits: ["up", "down"],
    healed: async () =>
      eventually(async () =>
        expect(await alpha()).toMatchObject({ delegations: [{ prefix: PREFIX, routed: true }] }),
      ),
  },
};

/** One question to the resolver of alpha, from an address of alpha. */
const resolve = (): Promise<CommandResult> => {
  const script = `const socket = require("node:dgram").createSocket("udp6");
    socket.on("message", () => { process.stdout.write("answers"); process.exit(); });
    socket.bind(0, ${JSON.stringify(source)}, () => socket.send(
      Buffer.from("000101000001000000000000076578616d706c6503636f6d00001c0001", "hex"), 53, ${JSON.stringify(FAR)}));
    setTimeout(() => { process.stdout.write("dead"); process.exit(); }, 1500);`;
  return inside(HOST, ["node", "-e", script]);
};

/** Those that happen once, those of the line and those that lie are in files of their own; a unit test misses none. */
const HERE = Object.entries(CASES);

describe.each(HERE)("%s", (kind, one) => {
  test("bites on real packets, counts them, and leaves nothing behind", async () => {
    const fault = await inject(kind, "alpha", one.words);
    await one.bites(fault);
    const { cpes: _, ...status } = await statusOf(LAB);
    expect(status).toMatchObject({
      healthy: false,
      providers: [{ faults: [{ id: fault.id, kind }] }, { faults: [] }],
    });
    const [healed] = await heal("alpha", fault.id);
    for (const way of one.hits ?? []) expect(healed?.hits[way], `hits ${way}`).toBeGreaterThan(0);
    await eventually(async () => expect(await snapshot("alpha")).toEqual(before), { everyMs: 500 });
    await one.healed?.();
    await healthy();
  });
});
