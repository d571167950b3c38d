import { homedir } from "node:os";
import { join } from "node:path";

/** Folder of everything that mhlab keeps on this machine. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  if (env["MHLAB_STATE_DIR"]) return env["MHLAB_STATE_DIR"];
  return join(env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "mhlab");
}

/** Folder of one lab: its keys and its lock. */
export function labFolder(state: string, lab: string): string {
  return join(state, "labs", lab);
}
