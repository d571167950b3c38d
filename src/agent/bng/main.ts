import { existsSync } from "node:fs";

import type { BngConfig } from "../../core/bng/config.ts";
import { readBngEnvironment } from "../../core/bng/environment.ts";
import { formatPrefix6 } from "../../core/ip6.ts";
import { BIRTH_NAMESPACE } from "../../core/names.ts";
import { log, reasonOf } from "../log.ts";
import { serveAgent } from "../serve/socket.ts";
import { Recorder } from "./capture.ts";
import { prepareKernel } from "./kernel.ts";
import { Provider } from "./provider.ts";

const PUBLISH_MS = 1000;

/** The role of a BNG: reads the environment, assembles the provider, serves its status; exits 2 when the environment is wrong. */
export async function runBng(): Promise<void> {
  const config = readEnvironment();
  if (config === undefined) return;
  prepareKernel();
  // A key in the environment must not be inherited by the daemons.
  delete process.env["WIREGUARD_PRIVATE_KEY"];
  const provider = new Provider(config);
  const server = await serveAgent(() => provider.status(), {
    resync: async () => {
      await provider.resync();
      return { ok: true };
    },
  });
  const publish = (): void => {
    server.publish().catch((error: unknown) => log("warn", `status: ${reasonOf(error)}`));
  };
  provider.onChange = publish;
  setInterval(publish, PUBLISH_MS);
  const recorder = config.capture === true ? new Recorder() : undefined;
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log("info", `${signal}: shutting down`);
    server.close();
    const stopped = provider.stop().finally(() => recorder?.stop());
    stopped.then(
      () => process.exit(0),
      (error: unknown) => {
        log("error", reasonOf(error));
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  log("info", `provider ${config.name}: ${formatPrefix6(config.prefix)} on ${config.subscriber.interface}`);
  await recorder?.start();
  provider.start();
}

function readEnvironment(): BngConfig | undefined {
  const { config, errors } = readBngEnvironment(process.env);
  for (const { message } of errors ?? []) log("error", message);
  if (!existsSync(BIRTH_NAMESPACE)) {
    log(
      "error",
      `${BIRTH_NAMESPACE} is not there; start the container with -v /proc/1/ns/net:${BIRTH_NAMESPACE}`,
    );
    process.exitCode = 2;
    return undefined;
  }
  if (config === undefined) process.exitCode = 2;
  return config;
}
