import { createInterface } from "node:readline";
import { join } from "node:path";
import type { TestNetns } from "./netns.ts";
import { PROJECT } from "./place.ts";

/** One identity association of a reply (RFC 8415 21.4, 21.21). */
export interface Association {
  iaid: number;
  t1: number;
  t2: number;
  status?: number;
  /** `excluded` as the option has it (RFC 6603, section 4.2), in hexadecimal. */
  leases: { value: string; preferred: number; valid: number; excluded?: string }[];
}

export interface Reply {
  message: "advertise" | "reply" | "silence";
  from: string;
  status?: number;
  /** DUID in hexadecimal. */
  server?: string;
  preference?: number;
  na: Association[];
  pd: Association[];
  /** Those that were asked for, by their codes, in hexadecimal. */
  options: Record<number, string>;
  /** Further answers that came within `gatherMs`. */
  others?: Reply[];
}

export interface Request {
  message: "solicit" | "request" | "renew" | "rebind" | "release" | "information";
  rapid?: boolean;
  /** IAIDs. */
  na?: number[];
  pd?: number[];
  /** Codes of options to ask for. */
  ask?: number[];
  retransmitMs?: number;
  /** How long the first answer is waited for; 5 s when left out. */
  timeoutMs?: number;
  /** How long further answers are waited for. */
  gatherMs?: number;
  /** DUID of the server that it is for. */
  server?: string;
}

/** A DHCPv6 client on an interface of a test's namespace that sends exactly what it is told. */
export async function dhcp6Client(
  netns: TestNetns,
  device: string,
  duid?: string,
): Promise<(request: Request) => Promise<Reply>> {
  const script = join(PROJECT, "test/system/support/dhcp6-client.mjs");
  const child = await netns.start([process.execPath, script, device, ...(duid === undefined ? [] : [duid])]);
  let complaint = "";
  child.stderr?.on("data", (text: Buffer) => (complaint += text.toString()));
  const answers = createInterface({ input: child.stdout ?? process.stdin })[Symbol.asyncIterator]();
  return async (request) => {
    child.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await answers.next();
    if (done === true) throw new Error(`the DHCPv6 client ended: ${complaint}`);
    return JSON.parse(value) as Reply;
  };
}
