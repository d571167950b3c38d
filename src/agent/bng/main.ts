import { existsSync } from "node:fs";

import type { BngConfig } from "../../core/bng/config.ts";
import { readBngEnvironment } from "../../core/bng/environment.ts";
import { formatPrefix6 } from "../../core/ip6.ts";
import { BIRTH_NAMESPACE } from "../../core/names.ts";
import { liveVariables } from "../../core/settings/registry.ts";
import { Intent } from "../intent/intent.ts";
import { log } from "../log.ts";
import { serveAppliance } from "../serve/appliance.ts";
import { prepareKernel } from "./kernel.ts";
import { Provider } from "./provider.ts";

/** The role of a BNG: reads the environment, assembles the provider, serves its status; exits 2 when the environment is wrong. */
export async function runBng(): Promise<void> {
  const intent = openIntent();
  if (intent === undefined) return;
  const { config } = intent;
  prepareKernel();
  // A key in the environment must not be inherited by the daemons.
  delete process.env["WIREGUARD_PRIVATE_KEY"];
  log("info", `provider ${config.name}: ${formatPrefix6(config.prefix)} on ${config.subscriber.interface}`);
  await serveAppliance(new Provider(intent));
}

function openIntent(): Intent<BngConfig> | undefined {
  const opened = Intent.open({
    environment: { ...process.env },
    read: readBngEnvironment,
    live: liveVariables,
  });
  const errors = opened instanceof Intent ? [] : opened.errors.map(({ message }) => message);
  if (!existsSync(BIRTH_NAMESPACE)) {
    errors.push(
      `${BIRTH_NAMESPACE} is not there; start the container with -v /proc/1/ns/net:${BIRTH_NAMESPACE}`,
    );
  }
  for (const message of errors) log("error", message);
  if (errors.length === 0 && opened instanceof Intent) return opened;
  process.exitCode = 2;
  return undefined;
}
