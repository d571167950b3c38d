import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Intent } from "../../../../src/agent/intent/intent.ts";
import type { BngConfig } from "../../../../src/core/bng/config.ts";
import { readBngIntent } from "../../../../src/core/bng/intent.ts";
import { liveVariables } from "../../../../src/core/settings/registry.ts";
import { ALPHA } from "../../support/alpha.ts";

const SECRET = "YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

/** The intent of a provider alpha, by its environment; with the folder of an earlier one, as after a restart. */
export function bngIntent(
  environment: Record<string, string> = {},
  folder = mkdtempSync(join(tmpdir(), "mhlab-bng-")),
): Intent<BngConfig> {
  const intent = Intent.open({
    environment: {
      ...ALPHA,
      WIREGUARD_PRIVATE_KEY_FILE: "",
      WIREGUARD_PRIVATE_KEY: SECRET,
      ...environment,
    },
    read: readBngIntent,
    live: liveVariables,
    files: { settings: join(folder, "settings.json"), overlay: overlayIn(folder) },
  });
  if (!(intent instanceof Intent)) throw new Error(intent.errors.map(({ message }) => message).join("\n"));
  return intent;
}

/** Where its overlay is kept. */
export function overlayIn(folder: string): string {
  return join(folder, "overlay.json");
}
