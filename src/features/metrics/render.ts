import type { LabStatus } from "../../core/model/status/model.ts";
import { FAMILIES } from "./families.ts";
import { LABELS, type Family, type Sample } from "./family.ts";

/** The metrics of labs as Prometheus reads them. A metric without a value is left out whole. `nowS`: seconds since 1970. */
export function renderMetrics(labs: readonly LabStatus[], nowS: number): string {
  return FAMILIES.map((family) => renderFamily(family, labs, nowS)).join("");
}

function renderFamily({ name, type, help, read }: Family, labs: readonly LabStatus[], nowS: number): string {
  const lines = labs.flatMap((status) =>
    read(status, nowS).map(
      ({ labels, value }) => `${name}${labelText({ lab: status.lab, ...labels })} ${value}`,
    ),
  );
  if (lines.length === 0) return "";
  return `${[`# HELP ${name} ${escapedHelp(help)}`, `# TYPE ${name} ${type}`, ...lines].join("\n")}\n`;
}

/** Labels of every metric first, in their order; then those of this one. */
function labelText(labels: Sample["labels"]): string {
  const first = LABELS.filter((label) => label in labels);
  const rest = Object.keys(labels).filter((label) => !(first as string[]).includes(label));
  return `{${[...first, ...rest].map((label) => `${label}="${escapedValue(labels[label] ?? "")}"`).join(",")}}`;
}

function escapedValue(text: string): string {
  return escapedHelp(text).replaceAll('"', '\\"');
}

function escapedHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
