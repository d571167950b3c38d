import { log, reasonOf } from "../log.ts";
import { serveAgent } from "../serve/socket.ts";

/** What CPE and host have in common: something that runs, has a status, and can be asked to compare again. */
export interface Appliance<S> {
  onTick: (() => void) | undefined;
  start(): void;
  stop(): Promise<void>;
  resync(): void;
  status(): S;
}

/** Serves an appliance's status, starts it, and stops it in order at SIGTERM. */
export async function serveAppliance<S>(appliance: Appliance<S>): Promise<void> {
  const server = await serveAgent(async () => appliance.status(), {
    resync: async () => {
      appliance.resync();
      return { ok: true };
    },
  });
  appliance.onTick = () => {
    server.publish().catch((error: unknown) => log("warn", `status: ${reasonOf(error)}`));
  };
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => {
      log("info", `${signal}: shutting down`);
      server.close();
      appliance.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log("error", reasonOf(error));
          process.exit(1);
        },
      );
    });
  }
  appliance.start();
}
