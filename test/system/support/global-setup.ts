import { spawnSync } from "node:child_process";
import { join } from "node:path";
import Dockerode from "dockerode";
import { ensureBaseImage } from "../../../src/adapters/docker/base-image.ts";
import { takeLock } from "../../../src/adapters/sandbox/lock.ts";
import type { SandboxPaths } from "../../../src/adapters/sandbox/sandbox.ts";
import { startAsRoot } from "../../../src/adapters/sandbox/start.ts";
import { stopAsRoot } from "../../../src/adapters/sandbox/stop.ts";
import { PROJECT, RUN_LOCK, sandboxOf } from "./place.ts";

const PRIVILEGED = join(PROJECT, "dist/sandbox/privileged.js");

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What of vitest's project is asked here. */
interface Project {
  readonly config: { readonly maxWorkers: number };
}

/**
 * Starts a sandbox for each worker, empty but with its images; returns what stops them. Runs once, before all system tests.
 */
export default async function setup({ config }: Project): Promise<() => Promise<void>> {
  if (process.geteuid?.() !== 0) throw new Error("the system tests need root: sudo npm test");
  const all = Array.from({ length: config.maxWorkers }, (_, index) => sandboxOf(index + 1));
  const release = await takeLock(RUN_LOCK, {
    timeoutS: 1800,
    onWait: () => say(`waiting for another run of the system tests on ${RUN_LOCK}`),
  });
  // Vitest tears nothing down when a signal ends it.
  const stopAtExit = (): void => {
    for (const { root } of all) spawnSync(process.execPath, [PRIVILEGED, "stop", root]);
  };
  const exit = (): never => process.exit(130);
  process.once("exit", stopAtExit);
  for (const signal of SIGNALS) process.once(signal, exit);
  const stopAll = async (): Promise<void> => {
    process.off("exit", stopAtExit);
    for (const signal of SIGNALS) process.off(signal, exit);
    for (const paths of all) await stopAsRoot({ paths });
    await release();
  };
  try {
    for (const paths of all) {
      await startAsRoot({ paths, onProgress: say });
      await removeContainers(paths);
      await ensureBaseImage(engineOf(paths), { onProgress: say });
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  return async () => {
    for (const paths of all) await removeContainers(paths);
    await stopAll();
  };
}

function engineOf({ socket }: SandboxPaths): Dockerode {
  return new Dockerode({ socketPath: socket });
}

/** What an interrupted run left would come back with the engine. */
async function removeContainers(paths: SandboxPaths): Promise<void> {
  const engine = engineOf(paths);
  const containers = await engine.listContainers({ all: true });
  await Promise.all(containers.map(({ Id }) => engine.getContainer(Id).remove({ force: true, v: true })));
}

function say(step: string): void {
  process.stderr.write(`  tests' sandbox: ${step}\n`);
}
