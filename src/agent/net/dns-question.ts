import { Resolver } from "node:dns/promises";

const PATIENCE_MS = 2000;
const NO_ANSWER: ReadonlySet<string> = new Set(["ETIMEOUT", "ECONNREFUSED"]);

/** Asks the DNS server at an address for a name; any answer will do, also that there is no such name. Rejects without one within 2 s. */
export async function askDns(server: string, name: string): Promise<void> {
  const resolver = new Resolver({ timeout: PATIENCE_MS, tries: 1 });
  resolver.setServers([`[${server}]:53`]);
  try {
    await resolver.resolve6(name);
  } catch (error) {
    if (NO_ANSWER.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
