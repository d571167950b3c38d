import { LAB, BNG, deskServes, HOST_ADDRESS } from "./desk.ts";
import type { Cpe } from "./cpe.ts";
import { initLinks, isAsBefore, linkOf, type LinkState } from "./machine.ts";
import type { Story } from "./report.ts";
import { eventually, holds, mhlab, run, same, shell } from "./shell.ts";

const MTU = 1400;

export interface Leaving {
  /** Name of the card that the provider of the desk holds since the machine came up. */
  readonly nic: string;
  readonly cpe: Cpe;
}

/** A BNG that dies, and the end of its lab, on a machine that came up with it. */
export function leavingStory({ nic, cpe }: Leaving): Story {
  let card: LinkState;
  return {
    title: "leaving",
    checks: [
      {
        name: "docker kill: the keeper brings the card home; started again, the CPE keeps its prefix and serves on",
        run: async () => {
          await run(["docker", "kill", BNG]);
          await eventually(async () => {
            const { ifalias = "" } = await linkOf(nic);
            holds("no mark is left on it", !ifalias.startsWith("mhlab:"), ifalias);
          }, 30_000);
          await shell(
            `ip link set dev ${nic} mtu ${MTU} alias desk-card up; ip addr add ${HOST_ADDRESS} dev ${nic} nodad`,
          );
          card = await linkOf(nic);
          await run(["docker", "start", BNG]);
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
