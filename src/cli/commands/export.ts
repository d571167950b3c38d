import { ALLOW_ENV, allowVariables } from "./allow-env.ts";
import { viewOn, type Context } from "./context.ts";
import { EXPORT_FORMATS, type ExportFormat } from "../../features/export/format.ts";
import { FORMAT_OPTIONS, LAB_FILE_ARGUMENT } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import { flag, text, word, type Input, type Outcome } from "./input.ts";

const WHAT: Readonly<Record<ExportFormat, { summary: string; start: string }>> = {
  compose: { summary: "write a lab as a file for docker compose", start: "docker compose up --detach" },
  "docker-run": { summary: "write a lab as a script of docker run lines", start: "./up.sh" },
  containerlab: { summary: "write a lab as a containerlab topology", start: "see README.md" },
  quadlet: { summary: "write a lab as units for podman's quadlet", start: "see README.md" },
};

/** `mhlab export compose`, `docker-run`, `containerlab` and `quadlet`. */
export const exportCommands: readonly CommandDefinition[] = EXPORT_FORMATS.map((format) => ({
  path: ["export", format],
  asksEngine: false,
  group: "More",
  summary: WHAT[format].summary,
  description: `${capital(WHAT[format].summary)}: the same images, environment, capabilities and keys, for people without mhlab. The folder also has a README.md and the images' build files. Keys are separate files, mode 0600, mounted read-only; missing keys are generated. Needs no engine.`,
  arguments: [LAB_FILE_ARGUMENT],
  options: [
    { flags: "-o, --output <folder>", description: `the output folder; by default <lab>-${format}` },
    ALLOW_ENV,
    { flags: "--force", description: "overwrite the folder's contents" },
    ...FORMAT_OPTIONS,
  ],
  examples: [
    [`export ${format} lab.yaml`, `into the folder <lab>-${format}`],
    [`export ${format} lab.yaml -o /srv/lab --force`, "overwrite a chosen folder"],
  ],
  next: ["down <lab.yaml>"],
  run: (context: Context, input: Input) => runExport(context, input, format),
}));

async function runExport(context: Context, input: Input, format: ExportFormat): Promise<Outcome> {
  const [{ labFileHere, loadLab }, { exportTo }] = await Promise.all([
    import("../../app/choose-lab.ts"),
    import("../../app/export.ts"),
  ]);
  const source = await context.labSource();
  const loaded = await loadLab(word(input, 0) ?? (await labFileHere(source)), source);
  await allowVariables(context, input, loaded);
  const { lab, warnings } = loaded;
  if (warnings.length > 0) {
    const { formatDiagnostics } = await import("../views/diagnostics.ts");
    context.stderr.write(formatDiagnostics(warnings, viewOn(context.stderr)));
  }
  const ports = {
    keys: await context.keys(),
    images: await context.images(),
    folder: await context.exportFolder(),
  };
  const folder = text(input, "output") ?? `${lab.name}-${format}`;
  const result = await exportTo(lab, ports, { format, folder, force: flag(input, "force") });
  const lines = result.files.map((file) => `${folder}/${file}\n`);
  return {
    json: result,
    text: `${lines.join("")}\nstart it with: cd ${folder} && ${WHAT[format].start}\n`,
  };
}

function capital(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}
