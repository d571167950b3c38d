import Dockerode from "dockerode";
import { fileURLToPath } from "node:url";
import { sandboxPaths, type SandboxPaths } from "../../../src/adapters/sandbox/sandbox.ts";

/** The repository's folder. */
export const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

const FOLDER = process.env["MHLAB_TEST_SANDBOX_DIR"] ?? "/var/lib/mhlab/test-sandbox";

/** The sandbox of the nth worker, from 1; its data stay between runs, so images are built once. */
export function sandboxOf(worker: number): SandboxPaths {
  return sandboxPaths({ MHLAB_SANDBOX_DIR: worker === 1 ? FOLDER : `${FOLDER}-${worker}` });
}

/** The sandbox that the system tests of this worker share. */
export const paths = sandboxOf(Number(process.env["VITEST_POOL_ID"] ?? 1));

/** Held for a whole run: two runs on one lab host would meet in its names. */
export const RUN_LOCK = `${FOLDER}.lock`;

/** The engine of the tests' sandbox. */
export const docker = new Dockerode({ socketPath: paths.socket });
