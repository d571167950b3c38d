import { createInterface } from "node:readline";
import { eventually } from "../support/sandbox.ts";
import type { Cell } from "./cell.ts";

/** What a client sent on `wan0`, by message type, from now on. */
export interface Messages {
  /** Types sent since a moment of performance.now(), each once, in the order of their first. */
  since(moment: number): string[];
}

/** Listens to the DHCPv6 messages of a client. */
export async function listenToClient(cell: Cell): Promise<Messages> {
  const sent: { type: string; at: number }[] = [];
  const words = [
    "tcpdump",
    "--immediate-mode",
    "-l",
    "-n",
    "-Q",
    "out",
    "-i",
    "wan0",
    "ip6 and udp dst port 547",
  ];
  const child = await cell.netns.start(words);
  let complaint = "";
  child.stderr?.on("data", (text: Buffer) => (complaint += text.toString()));
  createInterface({ input: child.stdout ?? process.stdin }).on("line", (line) => {
    const [, type] = / dhcp6 ([a-z-]+)/.exec(line) ?? [];
    if (type !== undefined) sent.push({ type, at: performance.now() });
  });
  await eventually(() => {
    if (!complaint.includes("listening on")) throw new Error(`tcpdump does not listen: ${complaint}`);
  });
  return {
    since: (moment) => [...new Set(sent.filter(({ at }) => at >= moment).map(({ type }) => type))],
  };
}
