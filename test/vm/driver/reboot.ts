import { readFileSync, writeFileSync } from "node:fs";
import type { Cpe } from "./cpe.ts";
import { delegationsOf, healthy, providersOf } from "./lab.ts";
import type { Story } from "./report.ts";
import { run, same } from "./shell.ts";
import { TRUNK } from "./trunk.ts";

const MEMORY = "/var/lib/mhlab-before-reboot.json";

interface Memory {
  /** The desk's card. */
  readonly nic: string;
  readonly labs: Record<string, ReturnType<typeof delegationsOf>>;
  /** LAN address per CPE. */
  readonly addresses: Record<string, string>;
}

/** Writes down what must be there again. */
export async function remember(nic: string, labs: readonly string[], cpes: readonly Cpe[]): Promise<void> {
  const memory: Memory = {
    nic,
    labs: Object.fromEntries(
      await Promise.all(labs.map(async (lab) => [lab, delegationsOf(await providersOf(lab))] as const)),
    ),
    addresses: Object.fromEntries(
      await Promise.all(cpes.map(async (cpe) => [cpe.name, await cpe.lanAddress()] as const)),
    ),
  };
  writeFileSync(MEMORY, JSON.stringify(memory));
}

/** What was there before the reboot; undefined in the first boot. */
export function recall(): Memory | undefined {
  try {
    return JSON.parse(readFileSync(MEMORY, "utf8")) as Memory;
  } catch {
    return undefined;
  }
}

/** After the machine came up again: nobody gave a command, only the cables are where they were. */
export function rebootStory(memory: () => Memory, cpes: readonly Cpe[]): Story {
  return {
    title: "reboot",
    checks: [
      ...["desk", TRUNK].map((lab) => ({
        name: `the lab ${lab} is healthy again without a command, its leases are routed as before`,
        run: async () => {
          const providers = await healthy(lab, 120_000);
          same("delegations", delegationsOf(providers), memory().labs[lab]);
          same("backends", [...new Set(providers.map(({ uplink }) => uplink.backend))], ["kernel"]);
        },
      })),
      {
        name: "every CPE reaches the internet from its prefix before it has asked for it again",
        run: async () => {
          for (const cpe of cpes) {
            const address = memory().addresses[cpe.name] ?? "";
            await cpe.pretend(address);
            await cpe.reaches(address, 30_000);
          }
        },
      },
      {
        name: "a CPE that asks again gets the prefix that it had",
        run: async () => {
          for (const cpe of cpes) {
            await run(cpe.inside(["ip", "addr", "flush", "dev", "lan0", "scope", "global"]));
            cpe.dial();
          }
          const addresses = await Promise.all(
            cpes.map(async (cpe) => [cpe.name, await cpe.lanAddress()] as const),
          );
          same("addresses", Object.fromEntries(addresses), memory().addresses);
        },
      },
    ],
  };
}
