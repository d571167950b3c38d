import { fileURLToPath } from "node:url";
import {
  sandboxExec,
  sandboxPaths,
  sandboxStatus,
  startSandbox,
  stopSandbox,
} from "../adapters/sandbox/sandbox.ts";
import type { Sandbox } from "../app/ports/sandbox.ts";

/** Where `scripts/build.mjs` puts the part that runs as root. */
const PRIVILEGED = fileURLToPath(new URL("../../dist/sandbox/privileged.js", import.meta.url));

/** The sandbox that the environment selects. */
export function openSandbox(env: NodeJS.ProcessEnv, signal: AbortSignal): Sandbox {
  const paths = sandboxPaths(env);
  return {
    start: (onProgress) => startSandbox({ paths, env, onProgress, signal, privileged: PRIVILEGED }),
    stop: (purge, onProgress) =>
      stopSandbox({ paths, env, purge, onProgress, signal, privileged: PRIVILEGED }),
    status: () => sandboxStatus(paths),
    exec: (argv) => sandboxExec(paths, argv),
  };
}
