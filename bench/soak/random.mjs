// Many random steps, by the tests that do a few of them.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { PROJECT } from "../place.mjs";

const seed = process.env.MHLAB_RANDOM_SEED ?? String(Math.floor(Math.random() * 2 ** 31));

/** Random faults, restarts and ups on a lab of four providers; what is not as before, in a line each, with the seed that repeats them. */
export async function randomFaults(steps) {
  const isFine = steps === 0 || (await passes("faults", { MHLAB_RANDOM_STEPS: String(steps) }));
  return isFine ? [] : [`a lab is not as before after ${steps} random steps from the seed ${seed}`];
}

/** Random mixes of attacks on a BNG with an honest customer; the same. */
export async function randomAttacks(mixes) {
  const isFine = mixes === 0 || (await passes("hostile-customer", { MHLAB_RANDOM_MIXES: String(mixes) }));
  return isFine
    ? []
    : [`customers are not served under ${mixes} random mixes of attacks from the seed ${seed}`];
}

/** Whether the random test of a folder passes. */
async function passes(folder, variables) {
  const vitest = join(PROJECT, "node_modules/vitest/vitest.mjs");
  const test = `test/system/${folder}/random.test.ts`;
  const child = spawn(process.execPath, [vitest, "run", "--project", "system", test], {
    cwd: PROJECT,
    env: { ...process.env, MHLAB_RANDOM_SEED: seed, ...variables },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return (await new Promise((resolve) => void child.on("close", resolve))) === 0;
}
