/** Changes of a container's environment in words, with the old value and the new one. */
import { changedSettings } from "../settings/changes.ts";
import { listChanges, listPart } from "./lists.ts";
import { containerOptions, optionChanges } from "./options.ts";
import { OPTIONS_PART, partOf } from "./parts.ts";
import { PlanLabel, type ContainerSpec } from "./spec.ts";

type Settings = Readonly<Record<string, string>>;

/** What differs between two environments, by part: `delegation: preferred 30m → 10m`; undefined when nothing does, or when the old one is not known. */
export function explainChanges(before: Settings | undefined, after: Settings): string | undefined {
  const parts = [...changesByPart(before, after)];
  return parts.length === 0
    ? undefined
    : parts.map(([part, words]) => `${part}: ${words.join(", ")}`).join("; ");
}

/** The parts that need a new container, each with what changed in it where that is known, and what else changes with it. */
export function explainParts(
  parts: readonly string[],
  before: Settings | undefined,
  spec: ContainerSpec,
  labels: Readonly<Record<string, string>>,
): string {
  const changes = changesByPart(before, spec.env);
  const options = optionChanges(labels[PlanLabel.options], containerOptions(spec));
  if (options.length > 0) changes.set(OPTIONS_PART, options);
  return [...new Set([...parts, ...changes.keys()])]
    .map((part) => {
      const words = changes.get(part);
      return words === undefined ? part : `${part} (${words.join(", ")})`;
    })
    .join(", ");
}

function changesByPart(before: Settings | undefined, after: Settings): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const change of before === undefined ? [] : changedSettings(before, after)) {
    const { variable } = change;
    const part = partOf(variable);
    if (listPart(variable) !== undefined) {
      const words = listChanges(variable, before ?? {}, after);
      if (words.length > 0) parts.set(part, [...(parts.get(part) ?? []), ...words]);
      continue;
    }
    // What the lab file does not say, such as the name of a link, means nothing to its reader.
    if (change.label === variable) continue;
    const key = change.label.split(".").at(-1) ?? change.label;
    const values = `${change.before} → ${change.after}`;
    // A part of one setting has its name.
    const words = key.replaceAll("-", " ") === part ? values : `${key} ${values}`;
    parts.set(part, [...(parts.get(part) ?? []), words]);
  }
  return parts;
}
