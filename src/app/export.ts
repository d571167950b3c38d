import { UsageError } from "../core/model/errors.ts";
import { exportedImageFolders, exportLab } from "../features/export/export.ts";
import type { ExportFormat } from "../features/export/format.ts";
import { refuseEngines } from "./one-engine.ts";
import type { Lab } from "../core/model/lab/model.ts";
import { IMAGE_ROLES, type ImageRole } from "../core/model/role.ts";
import { labContainers } from "../core/render/plan/appliance.ts";
import type { ImageToBuild } from "./ports/engine-writer.ts";
import type { KeyStore } from "./ports/key-store.ts";
import type { ExportFolder } from "./ports/export-folder.ts";

export interface ExportPorts {
  readonly keys: KeyStore;
  readonly images: Record<ImageRole, ImageToBuild>;
  readonly folder: ExportFolder;
}

export interface ExportOptions {
  readonly format: ExportFormat;
  readonly folder: string;
  /** Whether files of an earlier export may be replaced. */
  readonly force: boolean;
}

export interface ExportResult {
  readonly lab: string;
  readonly format: ExportFormat;
  readonly folder: string;
  readonly files: readonly string[];
}

/** Writes a lab so that it runs without mhlab; makes missing keys. Throws UsageError when the folder holds something. */
export async function exportTo(lab: Lab, ports: ExportPorts, options: ExportOptions): Promise<ExportResult> {
  const { keys, images, folder: target } = ports;
  const { format, folder, force } = options;
  refuseEngines(lab, "an export is for one engine");
  if (!force && (await target.list(folder)).length > 0) {
    throw new UsageError(`${folder} is not empty`, {
      hint: "name another folder with -o, or write over an earlier export with --force",
      state: "Nothing was written.",
    });
  }
  const wanted = lab.providers.map(({ name, wireguard }) => ({
    provider: name,
    bundled: wireguard.kind === "bundled",
    preshared: wireguard.presharedKey,
  }));
  const specs = labContainers(lab, {
    keys: await keys.ensure(lab.name, wanted),
    images: Object.fromEntries(IMAGE_ROLES.map((role) => [role, images[role].reference])) as Record<
      ImageRole,
      string
    >,
    version: "",
    labFile: "",
  });
  const files = exportLab(lab.name, specs, format);
  for (const { path, mode, content } of files) {
    const text = "key" in content ? `${await keys.read(lab.name, content.key)}\n` : content.text;
    await target.write(`${folder}/${path}`, { mode, text });
  }
  const folders = exportedImageFolders(specs);
  for (const { role, folder: from } of IMAGE_ROLES.map((one) => images[one])) {
    if (folders.includes(role)) await target.copy(from, `${folder}/images/${role}`);
  }
  return {
    lab: lab.name,
    format,
    folder,
    files: [...files.map(({ path }) => path), ...folders.map((one) => `images/${one}/`)],
  };
}
