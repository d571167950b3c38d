import { LAB, BNG, deskServes, HOST_ADDRESS } from "./desk.ts";
import type { Cpe } from "./cpe.ts";
import { up } from "./lab.ts";
import { initLinks, isAsBefore, linkOf, type LinkState } from "./machine.ts";
import type { Story } from "./report.ts";
import { eventually, holds, mhlab, run, same, shell } from "./shell.ts";

const MTU = 1400;

export interface Leaving {
  readonly file: string;
  /** Name of the card that the provider of the desk holds since the machine came up. */
  readonly nic: string;
  readonly cpe: Cpe;
}

/** A BNG that dies for good, one that is made anew, and the end of its lab; the other lab goes on. */
export function leavingStory({ file, nic, cpe }: Leaving): Story {
  let card: LinkState;
  return {
    title: "leaving",
    checks: [
      {
        name: "docker kill: the card is home",
        run: async () => {
          await run(["docker", "kill", BNG]);
          await eventually(async () => {
            const { ifalias = "" } = await linkOf(nic);
            holds("no mark is left on it", !ifalias.startsWith("mhlab:"), ifalias);
          }, 30_000);
        },
      },
      {
        name: "mhlab up after docker kill: the card is taken again, the CPE keeps its prefix and serves on",
        run: async () => {
          await shell(
            `ip link set dev ${nic} mtu ${MTU} alias desk-card up; ip addr add ${HOST_ADDRESS} dev ${nic} nodad`,
          );
          card = await linkOf(nic);
          await up(file);
          await deskServes(cpe, await cpe.lanAddress());
        },
      },
      {
        name: "mhlab down: the card is home as it was, with MTU, addresses and alias; nothing is left of the lab",
        run: async () => {
          await mhlab(["down", LAB]);
          await isAsBefore(card);
          const links = await initLinks();
          same(
            "links of the desk",
            links.filter(({ ifalias = "" }) => ifalias.includes("alpha")),
            [],
          );
          const left = ["docker", "ps", "-aq", "--filter", `label=io.mhlab.lab=${LAB}`];
          same("containers", (await run(left)).trim(), "");
        },
      },
    ],
  };
}
