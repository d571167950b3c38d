import { readBngIntent } from "../../core/bng/intent.ts";
import { formatPrefix6 } from "../../core/ip6.ts";
import { liveVariables } from "../../core/settings/registry.ts";
import type { Clock } from "../clock.ts";
import { openIntent } from "../intent/open.ts";
import { log } from "../log.ts";
import { serveAppliance } from "../serve/appliance.ts";
import { prepareKernel } from "./kernel.ts";
import { Provider } from "./provider.ts";

/** The role of a BNG: reads the environment, assembles the provider, serves its status; exits 2 when the environment is wrong. */
export async function runBng(clock: Clock): Promise<void> {
  const intent = openIntent({ read: readBngIntent, live: liveVariables });
  if (intent === undefined) return;
  const { config } = intent;
  prepareKernel();
  // A key in the environment must not be inherited by the daemons.
  delete process.env["WIREGUARD_PRIVATE_KEY"];
  log("info", `provider ${config.name}: ${formatPrefix6(config.prefix)} on ${config.subscriber.interface}`);
  await serveAppliance(new Provider(intent, clock), clock);
}
