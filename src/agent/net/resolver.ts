import { reasonOf } from "../../core/model/errors.ts";
import { readFileSync, writeFileSync } from "node:fs";

import { log } from "../log.ts";

const FILE = "/etc/resolv.conf";

/** Makes /etc/resolv.conf name these servers; written in place, because Docker mounts it as a single file. */
export function writeResolver(servers: readonly string[], search: readonly string[] = []): void {
  const text = [
    ...servers.map((server) => `nameserver ${server}`),
    ...(search.length > 0 ? [`search ${search.join(" ")}`] : []),
    "",
  ].join("\n");
  try {
    if (readFileSync(FILE, "utf8") === text) return;
    writeFileSync(FILE, text);
    log("info", `DNS servers: ${servers.join(", ") || "none"}`);
  } catch (error) {
    log("warn", reasonOf(error));
  }
}
