import { readFileSync } from "node:fs";

/** Kinds of sockets, by their files in /proc/net. */
export type Inbox = "packet" | "raw6" | "udp6";

/** Whether bytes wait unread in a socket of that kind in the agent's network namespace; false where that cannot be read. */
export function hasUnread(inbox: Inbox): boolean {
  try {
    return waits(inbox, readFileSync(`/proc/net/${inbox}`, "utf8"));
  } catch {
    return false;
  }
}

/** The same of the text of such a file: `Rmem` of packet sockets, `rx_queue` of the others (proc_net(5)). */
export function waits(inbox: Inbox, text: string): boolean {
  const rows = text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(({ length }) => length > 1);
  if (inbox === "packet") return rows.some((fields) => Number(fields[6]) > 0);
  return rows.some((fields) => Number.parseInt(fields[4]?.split(":")[1] ?? "0", 16) > 0);
}
