import { existsSync } from "node:fs";

import type { BngConfig } from "../../core/bng/config.ts";
import { readBngEnvironment } from "../../core/bng/environment.ts";
import { formatPrefix6 } from "../../core/ip6.ts";
import { BIRTH_NAMESPACE } from "../../core/names.ts";
import { log } from "../log.ts";
import { serveAppliance } from "../serve/appliance.ts";
import { prepareKernel } from "./kernel.ts";
import { Provider } from "./provider.ts";

/** The role of a BNG: reads the environment, assembles the provider, serves its status; exits 2 when the environment is wrong. */
export async function runBng(): Promise<void> {
  const config = readEnvironment();
  if (config === undefined) return;
  prepareKernel();
  // A key in the environment must not be inherited by the daemons.
  delete process.env["WIREGUARD_PRIVATE_KEY"];
  log("info", `provider ${config.name}: ${formatPrefix6(config.prefix)} on ${config.subscriber.interface}`);
  await serveAppliance(new Provider(config));
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
