// Many random faults, restarts and ups on a lab of four providers, by the test that does a few of them.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { PROJECT } from "../place.mjs";

const TEST = "test/system/faults/random.test.ts";

/** What is not as before after so many steps, in a line each; with the seed that repeats them. */
export async function randomFaults(steps) {
  if (steps === 0) return [];
  const seed = process.env.MHLAB_RANDOM_SEED ?? String(Math.floor(Math.random() * 2 ** 31));
  const vitest = join(PROJECT, "node_modules/vitest/vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", "--project", "system", TEST], {
    cwd: PROJECT,
    env: { ...process.env, MHLAB_RANDOM_SEED: seed, MHLAB_RANDOM_STEPS: String(steps) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const code = await new Promise((resolve) => void child.on("close", resolve));
  return code === 0 ? [] : [`a lab is not as before after ${steps} random steps from the seed ${seed}`];
}
