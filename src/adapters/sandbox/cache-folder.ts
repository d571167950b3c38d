import { homedir } from "node:os";
import { join } from "node:path";

/** Folder of what can be made again but takes a while: MHLAB_CACHE_DIR, root's /var/cache/mhlab, or the user's own. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const chosen = env["MHLAB_CACHE_DIR"];
  if (chosen !== undefined && chosen !== "") return chosen;
  if (process.geteuid?.() === 0) return "/var/cache/mhlab";
  const userCache = env["XDG_CACHE_HOME"];
  return join(userCache?.startsWith("/") === true ? userCache : join(homedir(), ".cache"), "mhlab");
}
