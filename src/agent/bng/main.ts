import { existsSync } from "node:fs";

import {
  PROVIDER_FILE_KIND,
  privateKeyOf,
  readBngDocument,
  variableAt,
  withVariables,
} from "../../core/render/bng/document.ts";
import { formatPrefix6 } from "../../core/model/ip6.ts";
import { PROVIDER_FILE } from "../../core/model/names.ts";
import { settingAt } from "../../core/model/settings/registry.ts";
import type { Clock } from "../clock.ts";
import { openIntent } from "../intent/open.ts";
import { log } from "../log.ts";
import { serveAppliance } from "../serve/appliance.ts";
import { prepareKernel } from "./kernel.ts";
import { Provider } from "./provider.ts";

/** The role of a BNG: reads the document, assembles the provider, serves its status; exits 2 when the document is wrong. */
export async function runBng(clock: Clock): Promise<void> {
  const variables = { ...process.env };
  const key = privateKeyOf(variables);
  const privateKey = "message" in key ? { file: "" } : key;
  const errors = "message" in key ? [`${key.message}; ${key.hint}`] : [];
  if ("file" in key && !existsSync(key.file))
    errors.push(
      `there is no private key ${key.file}; put it there, or name it by WIREGUARD_PRIVATE_KEY_FILE or WIREGUARD_PRIVATE_KEY`,
    );
  const intent = openIntent(
    {
      file: PROVIDER_FILE,
      kind: PROVIDER_FILE_KIND,
      read: (document, override) => readBngDocument(document, override, privateKey),
      isLive: (path) => settingAt(path)?.live === true,
      variables: {
        fill: (document) => withVariables(document, variables),
        at: (path) => variableAt(path, variables),
      },
    },
    errors,
  );
  if (intent === undefined) return;
  const { config } = intent;
  prepareKernel();
  // A key in the environment must not be inherited by the daemons.
  delete process.env["WIREGUARD_PRIVATE_KEY"];
  log("info", `provider ${config.name}: ${formatPrefix6(config.prefix)} on ${config.subscriber.interface}`);
  await serveAppliance(new Provider(intent, clock), clock);
}
