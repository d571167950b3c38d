import { reasonOf } from "../../core/model/errors.ts";
import { parseHostLink } from "../../core/model/links/host-link.ts";
import { log } from "../log.ts";
import { bringInto } from "../links/destination.ts";
import { restoreLink } from "../links/registry.ts";

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
    if (held === undefined) throw new Error(`'${word}' is not provider/interface/link`);
    await restoreLink(held);
    return true;
  } catch (error) {
    log("error", reasonOf(error));
    return false;
  }
}

/**
 * The role of a helper that shares the network of a veth's target: brings the waiting end in. Arguments: the name under
 * which it waits, and its name there.
 */
export async function runDeliver(): Promise<void> {
  const [waiting = "", name = ""] = process.argv.slice(3);
  if (await bringInto(`/proc/${process.pid}/ns/net`, { waiting, name })) log("info", `${name} is there`);
}
