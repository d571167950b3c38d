import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Intent } from "../../../../src/agent/intent/intent.ts";
import type { BngConfig, KeySource } from "../../../../src/core/render/bng/config.ts";
import { PROVIDER_FILE_KIND, readBngDocument } from "../../../../src/core/render/bng/document.ts";
import { documentText, mergeSettings, type Settings } from "../../../../src/core/model/document.ts";
import { settingAt } from "../../../../src/core/model/settings/registry.ts";
import { ALPHA } from "../../support/alpha.ts";

const SECRET = "YAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

/** The intent of a provider alpha, by its document; with the folder of an earlier one, as after a restart. */
export function bngIntent(
  settings: Settings = {},
  folder = mkdtempSync(join(tmpdir(), "mhlab-bng-")),
  privateKey: KeySource = { value: SECRET },
): Intent<BngConfig> {
  const file = join(folder, "provider.yaml");
  writeFileSync(file, documentText(mergeSettings(ALPHA, settings)));
  const intent = Intent.open({
    file,
    kind: PROVIDER_FILE_KIND,
    read: (document, override) => readBngDocument(document, override, privateKey),
    isLive: (path) => settingAt(path)?.live === true,
    overrideFile: overrideIn(folder),
  });
  if (!(intent instanceof Intent)) throw new Error(intent.errors.join("\n"));
  return intent;
}

/** Where its override is kept. */
export function overrideIn(folder: string): string {
  return join(folder, "override.json");
}
