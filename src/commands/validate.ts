import { ExitCode } from "../core/errors.ts";
import type { Context } from "./context.ts";
import { FORMAT_OPTIONS } from "./command-text.ts";
import type { CommandDefinition } from "./definition.ts";
import type { Outcome } from "./outcome.ts";
import { word, type Input } from "./input.ts";

/** `mhlab validate`. */
export const validateCommand: CommandDefinition = {
  path: ["validate"],
  asksEngine: false,
  group: "Labs",
  summary: "check a lab file; needs no engine and no root",
  description:
    "Finds everything that is wrong in a lab file at once, each with its place, a code and a hint.",
  arguments: [{ usage: "<lab.yaml>", description: "the lab file" }],
  options: FORMAT_OPTIONS,
  examples: [
    ["validate lab.yaml", "exit code 0 when it is right, 2 when not"],
    ["validate lab.yaml --json", "for editors and CI"],
  ],
  next: ["up <lab.yaml> --dry-run"],
  run: runValidate,
};

async function runValidate(context: Context, input: Input): Promise<Outcome> {
  const { loadLab } = await import("../app/choose-lab.ts");
  const file = word(input, 0) ?? "";
  const { lab, warnings } = await loadLab(file, await context.labSource());
  if (warnings.length > 0) {
    const { formatDiagnostics } = await import("../views/diagnostics.ts");
    context.stderr.write(formatDiagnostics(warnings, { colour: context.stderr.colour }));
  }
  const parts = [
    counted(lab.providers.length, "provider"),
    counted(lab.cpes.length, "bundled CPE"),
    ...(lab.hosts.length > 0 ? [counted(lab.hosts.length, "host")] : []),
  ];
  return {
    json: {
      valid: true,
      lab: lab.name,
      providers: lab.providers.map(({ name }) => name),
      cpes: lab.cpes.map(({ name }) => name),
      hosts: lab.hosts.map(({ name }) => name),
      warnings,
    },
    text: `${file} is right: lab '${lab.name}' with ${parts.join(", ")}, ${lab.internet} internet\n`,
    exitCode: ExitCode.ok,
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
