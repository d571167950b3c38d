// Where the bench runs, and how it runs things there.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Dockerode from "dockerode";

export const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const BASE = "/var/lib/mhlab";
export const SANDBOX = process.env.MHLAB_BENCH_SANDBOX_DIR ?? `${BASE}/bench-sandbox`;
const SOCKET = `${SANDBOX}/docker.sock`;
/** Lab files, keys and the compose file; the engine reads the keys from here. */
export const FOLDER = `${SANDBOX}-files`;
mkdirSync(FOLDER, { recursive: true, mode: 0o700 });

export const docker = new Dockerode({ socketPath: SOCKET });
/** What programs of the bench are told of it. */
export const ENVIRONMENT = {
  ...process.env,
  MHLAB_SANDBOX: "1",
  MHLAB_SANDBOX_DIR: SANDBOX,
  MHLAB_STATE_DIR: join(FOLDER, "state"),
  DOCKER_HOST: `unix://${SOCKET}`,
  NO_COLOR: "1",
};

/** Runs a program and waits; throws with what it said when it fails, unless `fails` says that it may. */
export function run(argv, { fails = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0], argv.slice(1), { env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0 || fails) resolve({ code, stdout, stderr });
      else reject(new Error(`${argv.join(" ")}: exit code ${code}\n${stdout}\n${stderr}`));
    });
  });
}

/** Runs the built mhlab on the bench's sandbox. */
export function mhlab(args, options) {
  return run([process.execPath, join(PROJECT, "bin/mhlab.js"), ...args], options);
}

/** Seconds that something takes. */
export async function timed(act) {
  const begun = performance.now();
  await act();
  return (performance.now() - begun) / 1000;
}

/** The ids of a lab's running containers by the name of the node. */
export async function nodes(lab) {
  const found = await docker.listContainers({ filters: { label: [`io.mhlab.lab=${lab}`] } });
  return new Map(found.map(({ Id, Labels }) => [Labels["io.mhlab.name"], Id]));
}
