import { ensureBaseImage } from "../../../src/adapters/docker/base-image.ts";
import { takeLock } from "../../../src/adapters/sandbox/lock.ts";
import { startAsRoot } from "../../../src/adapters/sandbox/start.ts";
import { stopAsRoot } from "../../../src/adapters/sandbox/stop.ts";
import { RUN_LOCK, docker, paths } from "./place.ts";

/** Starts the tests' sandbox, empty but with its images; returns what stops it. Runs once, before all system tests. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.geteuid?.() !== 0) throw new Error("the system tests need root: sudo npm test");
  const release = await takeLock(RUN_LOCK, {
    timeoutS: 1800,
    onWait: () => say(`waiting for another run of the system tests on ${paths.root}`),
  });
  try {
    await startAsRoot({ paths, onProgress: say });
    await removeContainers();
    await ensureBaseImage(docker, { onProgress: say });
  } catch (error) {
    await stopAsRoot({ paths });
    await release();
    throw error;
  }
  return async () => {
    await removeContainers();
    await stopAsRoot({ paths, onProgress: say });
    await release();
  };
}

/** What an interrupted run left would come back with the engine. */
async function removeContainers(): Promise<void> {
  const containers = await docker.listContainers({ all: true });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
}

function say(step: string): void {
  process.stderr.write(`  tests' sandbox: ${step}\n`);
}
