import { spawn, type ChildProcess } from "node:child_process";

import { PROGRAMS } from "../../core/confinement/programs.ts";
import { confined } from "../supervise/confine.ts";
import { inBirth } from "./command.ts";

/**
 * Calls back whenever the kernel reports a change of the given objects (`link`, `address`, `route`, `neigh`), here or in
 * the birth namespace. The text is only a reason to look (iproute2's monitor prints no JSON). Restarts itself.
 */
export function watchNetwork(
  objects: readonly string[],
  where: "here" | "birth",
  onChange: () => void,
): () => void {
  let stopped = false;
  let child: ChildProcess | undefined;
  const start = (): void => {
    if (stopped) return;
    const argv = confined(["ip", "-6", "monitor", ...objects], PROGRAMS.monitor);
    const [program = "ip", ...args] = where === "birth" ? inBirth(argv) : argv;
    child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    child.stdout?.on("data", onChange);
    child.on("error", () => {});
    child.once("close", () => setTimeout(start, 1000));
  };
  start();
  return () => {
    stopped = true;
    child?.kill("SIGKILL");
  };
}
