/** How long the kernel may take to give back what a dead container held. */
const PATIENCE_MS = 3000;
const RETRY_MS = 100;

/** Tries until it did, or `settled` says that there is nothing to wait for, or time is up; whether it did. */
export async function patiently(
  attempt: () => Promise<boolean>,
  settled: () => Promise<boolean>,
): Promise<boolean> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    if (await attempt()) return true;
    if (performance.now() > deadline || (await settled())) return false;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
