import { log, reasonOf } from "../log.ts";
import { serveAgent } from "./socket.ts";

/** The work of a role: it runs, has a status, and can be asked to compare everything with what should be. */
export interface Appliance<S> {
  /** Called whenever the status may have changed; set by whoever serves it. */
  onChange: () => void;
  start(): void | Promise<void>;
  stop(): void | Promise<void>;
  /** Compares everything now; what it returns is printed beside `ok`. */
  resync(): void | object | Promise<void | object>;
  status(): S | Promise<S>;
  /** What only this role answers, by the first word of the request; gets the words after it. */
  readonly requests?: Readonly<Record<string, (words: readonly string[]) => object>>;
}

/** Serves an appliance's status, starts it, and stops it in order at SIGTERM, once; then the process ends. */
export async function serveAppliance<S>(appliance: Appliance<S>): Promise<void> {
  const own = Object.entries(appliance.requests ?? {}).map(
    ([verb, answer]) => [verb, async (words: readonly string[]) => answer(words)] as const,
  );
  const server = await serveAgent(async () => await appliance.status(), {
    ...Object.fromEntries(own),
    resync: async () => ({ ok: true, ...(await appliance.resync()) }),
  });
  appliance.onChange = () => {
    server.publish().catch((error: unknown) => log("warn", `status: ${reasonOf(error)}`));
  };
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log("info", `${signal}: shutting down`);
    server.close();
    try {
      await appliance.stop();
      process.exit(0);
    } catch (error) {
      log("error", reasonOf(error));
      process.exit(1);
    }
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => void stop(signal));
  await appliance.start();
}
