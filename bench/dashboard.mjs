// A dashboard of a lab of the bench, as a user starts it.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ENVIRONMENT, PROJECT } from "./place.mjs";

/** Its address, its process, and how it is ended. */
export async function startDashboard(lab, project = PROJECT) {
  const words = [join(project, "bin/mhlab.js"), "dashboard", lab, "--port", "0", "--json"];
  const child = spawn(process.execPath, words, {
    env: ENVIRONMENT,
    cwd: PROJECT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = await new Promise((resolve, reject) => {
    child.stdout.setEncoding("utf8").once("data", resolve);
    child.once("exit", () => reject(new Error("mhlab dashboard ended")));
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    url: JSON.parse(said).url,
    pid: child.pid,
    stop: async () => {
      child.kill("SIGINT");
      await ended;
    },
  };
}
