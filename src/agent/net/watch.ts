import { spawn, type ChildProcess } from "node:child_process";

import { PROGRAMS } from "../../core/confinement/programs.ts";
import { confined } from "../supervise/confine.ts";
import { inBirth } from "./command.ts";

/** By then the monitor listens, also on a slow machine; it does not tell since when. */
const LISTENS_MS = 2000;

/**
 * Calls back whenever the kernel reports a change of the given objects (`link`, `address`, `route`, `neigh`), here or in
 * the birth namespace, and once for what changed before the kernel was listened to. The text is only a reason to look
 * (iproute2's monitor prints no JSON). Restarts itself.
 */
export function watchNetwork(
  objects: readonly string[],
  where: "here" | "birth",
  onChange: () => void,
): () => void {
  let stopped = false;
  let child: ChildProcess | undefined;
  let unheard: NodeJS.Timeout | undefined;
  const start = (): void => {
    if (stopped) return;
    const argv = confined(["ip", "-6", "monitor", ...objects], PROGRAMS.monitor);
    const [program = "ip", ...args] = where === "birth" ? inBirth(argv) : argv;
    child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    child.stdout?.on("data", onChange);
    clearTimeout(unheard);
    unheard = setTimeout(onChange, LISTENS_MS);
    child.on("error", () => {});
    child.once("close", () => setTimeout(start, 1000));
  };
  start();
  return () => {
    stopped = true;
    clearTimeout(unheard);
    child?.kill("SIGKILL");
  };
}
