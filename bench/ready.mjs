// When a lab counts as up: asked the same cheap way, whoever started it.
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "./place.mjs";

const LOOK_MS = 250;
const LIMIT_MS = 300_000;

/** Waits until every BNG says ready (handshake done, Kea serving, RA sent) and the internet too; one exec per look. */
export async function untilReady(internet, count) {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const { stdout } = await run(["docker", "exec", internet, "agent", "all", "status"], { fails: true });
    const ready = stdout.split("\n").filter(isReady).length;
    if (ready === count + 1) return;
    if (performance.now() > deadline)
      throw new Error(`${ready} of ${count + 1} are ready in time:\n${stdout}`);
    await sleep(LOOK_MS);
  }
}

function isReady(line) {
  try {
    return JSON.parse(line).status.ready === true;
  } catch {
    return false;
  }
}
