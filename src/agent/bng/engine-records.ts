import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { CONTAINER_NAMESPACES, CONTAINER_RECORDS } from "../../core/model/names.ts";

/** What of the engine's record of a container matters here; the rest of it (environments hold secrets) is looked at by nobody. */
interface ContainerRecord {
  readonly ID?: string;
  readonly Name?: string;
  readonly State?: { readonly Running?: boolean };
  readonly NetworkSettings?: { readonly SandboxKey?: string };
}

/** Where the network of a container that runs is mounted; undefined when there is no such container, or no network of its own. */
export async function containerNetwork(
  name: string,
  records = CONTAINER_RECORDS,
  namespaces = CONTAINER_NAMESPACES,
): Promise<string | undefined> {
  for (const id of await readdir(records)) {
    const record = await readRecord(join(records, id, "config.v2.json"));
    if (record?.ID !== name && record?.Name !== `/${name}`) continue;
    const key = record.State?.Running === true ? (record.NetworkSettings?.SandboxKey ?? "") : "";
    return key === "" ? undefined : join(namespaces, basename(key));
  }
  return undefined;
}

/** A container may come or go meanwhile, and its record be half written. */
async function readRecord(path: string): Promise<ContainerRecord | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as ContainerRecord;
  } catch {
    return undefined;
  }
}
