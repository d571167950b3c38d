import Dockerode from "dockerode";
import { fileURLToPath } from "node:url";
import { sandboxPaths } from "../../../src/adapters/sandbox/sandbox.ts";

/** The repository's folder. */
export const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

/** The sandbox that all system tests share; its data stay between runs, so images are built once. */
export const paths = sandboxPaths({
  MHLAB_SANDBOX_DIR: process.env["MHLAB_TEST_SANDBOX_DIR"] ?? "/var/lib/mhlab/test-sandbox",
});

/** Held for a whole run: two runs on one lab host would meet in its names. */
export const RUN_LOCK = `${paths.root}.lock`;

/** The engine of the tests' sandbox. */
export const docker = new Dockerode({ socketPath: paths.socket });
