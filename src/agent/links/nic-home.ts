import { reasonOf } from "../../core/model/errors.ts";
import { parseNicMark, type NicRecord } from "../../core/model/host/nic-record.ts";
import { BIRTH_NAMESPACE } from "../../core/model/names.ts";
import { log } from "../log.ts";
import { inBirth, run } from "../programs/command.ts";
import { readBirthLink } from "../net/link.ts";
import { forgetNic, readStoredNic } from "./nic-store.ts";

/** Moves an interface of this namespace back to the host's, bare, and makes it there what it was. */
export async function giveBack(node: string, name: string): Promise<void> {
  await run(["ip", "link", "set", "dev", name, "down"]);
  await run(["ip", "link", "set", "dev", name, "netns", BIRTH_NAMESPACE.split("/").at(-1) ?? "host"]);
  await restoreNic(node, name);
}

/**
 * Makes an interface in the host's namespace what it was before a node took it, if it bears its mark; whether it
 * did. The mark goes last: whoever fails half-way can be repeated, and two at once do no harm.
 */
export async function restoreNic(node: string, name: string): Promise<boolean> {
  const link = await readBirthLink(name);
  const mark = parseNicMark(link?.ifalias);
  if (link === undefined || mark?.provider !== node) return false;
  const stored = readStoredNic(node, link);
  const record: NicRecord = stored ?? mark.record;
  await run(inBirth(["ip", "link", "set", "dev", name, "mtu", String(record.mtu)]));
  if (record.up) await run(inBirth(["ip", "link", "set", "dev", name, "up"]));
  const lost = await restoreEach([
    ...record.addresses.map((address) => ["addr", "replace", address, "dev", name]),
    ...(stored?.routes ?? []).map(([family = "-6", ...words]) => [
      family,
      "route",
      "replace",
      ...words,
      "dev",
      name,
    ]),
  ]);
  for (const words of lost) log("warn", `could not do again: ip ${words.join(" ")}`);
  await run(inBirth(["ip", "link", "set", "dev", name, "alias", record.alias]));
  forgetNic(node);
  return true;
}

/** What could not be restored; one failure does not keep the rest away. */
async function restoreEach(commands: readonly (readonly string[])[]): Promise<(readonly string[])[]> {
  const lost: (readonly string[])[] = [];
  for (const words of commands) {
    try {
      await run(inBirth(["ip", ...words]));
    } catch (error) {
      log("warn", reasonOf(error));
      lost.push(words);
    }
  }
  return lost;
}
