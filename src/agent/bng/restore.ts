import { outerName, parseLink } from "../../core/bng/link.ts";
import { parseHostLink } from "../../core/bng/host-link.ts";
import { log, reasonOf } from "../log.ts";
import { inBirth, run } from "../net/command.ts";
import { removeUnusedLan } from "../net/lan-port.ts";
import { readBirthLink } from "../net/link.ts";
import { dropOuter } from "./links/child.ts";
import { restoreNic } from "./nic-home.ts";

/** How long the kernel may take to give back what a dead container held. */
const PATIENCE_MS = 3000;
const RETRY_MS = 100;

/**
 * The role of a helper that runs after BNGs are gone: undoes on the host what those that were killed could not. Its
 * arguments say what each held; it changes nothing that does not bear mhlab's mark.
 */
export async function runRestore(): Promise<void> {
  const failures = await Promise.all(process.argv.slice(3).map((word) => restoreOne(word)));
  if (failures.includes(false)) process.exitCode = 1;
}

async function restoreOne(word: string): Promise<boolean> {
  try {
    const held = parseHostLink(word);
    const link = held === undefined ? undefined : parseLink(held.link);
    if (held === undefined || link === undefined) throw new Error(`'${word}' is not provider/interface/link`);
    if (link.kind === "claim" && (await restoreNicSoon(held.provider, held.interface)))
      log("info", `${held.interface} is what it was`);
    if (link.kind === "lan") {
      const isGone = async (): Promise<boolean> => (await readBirthLink(link.bridge)) === undefined;
      await retry(() => removeUnusedLan(link.bridge, link.owner), isGone);
    }
    if (link.kind === "vlan" && link.outer !== undefined)
      await dropOuter(outerName(link.parent, link.outer), held.provider);
    return true;
  } catch (error) {
    log("error", reasonOf(error));
    return false;
  }
}

async function restoreNicSoon(provider: string, name: string): Promise<boolean> {
  return await retry(
    async () => ((await readBirthLink(name)) === undefined ? false : await restoreNic(provider, name)),
    async () => (await readBirthLink(name)) !== undefined,
  );
}

/** Tries until it did, or `settled` says that there is nothing to wait for, or time is up. */
async function retry(
  attempt: () => Promise<boolean>,
  settled: () => Promise<boolean> = async () => false,
): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    if (await attempt()) return true;
    if (performance.now() > deadline || (await settled())) return false;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/**
 * The role of a helper that shares the network of a veth's target: brings the waiting end in. Arguments: the name under
 * which it waits, its name there, and `here` or the name of a namespace under /var/run/netns.
 */
export async function runDeliver(): Promise<void> {
  const [waiting = "", name = "", place = "here"] = process.argv.slice(3);
  const here = place === "here";
  const target = here ? String(process.pid) : place;
  const enter = here ? [] : ["nsenter", `--net=/var/run/netns/${place}`];
  await run(inBirth(["ip", "link", "set", "dev", waiting, "netns", target, "name", name]));
  await run([...enter, "ip", "link", "set", "dev", name, "up"]);
  log("info", `${name} is there`);
}
