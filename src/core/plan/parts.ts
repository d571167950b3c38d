import { CONTAINERS } from "../members/containers/registry.ts";
import { Label } from "../names.ts";
import { settingOfVariable } from "../settings/registry.ts";
import { containerBody } from "./body.ts";
import { listPart } from "./lists.ts";
import { containerOptions } from "./options.ts";
import { PlanLabel, type ContainerSpec } from "./spec.ts";

/** SHA-256 of a text as hexadecimal; passed in, because the core has no crypto. */
export type Digest = (text: string) => string;

/** Parts of the variables that are no setting of a provider. */
const OTHER_PARTS: readonly (readonly [RegExp, string])[] = [
  [/^(LENT|CARRIED)_/, "subscriber"],
  [/^HOST_/, "hosts"],
  [/^CPE_SOFTWARE$/, "software"],
];

/** The part that is no variable. */
export const OPTIONS_PART = "container options";

/** Which part of a lab file a variable comes from, in the words of the lab file. */
export function partOf(variable: string): string {
  const other = (): string =>
    listPart(variable) ?? OTHER_PARTS.find(([pattern]) => pattern.test(variable))?.[1] ?? "settings";
  return settingOfVariable.get(variable)?.group ?? other();
}

/** The configuration of a container by part; the image, what it takes in place, and keys are compared apart. */
function configParts(spec: ContainerSpec): Map<string, string> {
  const parts = new Map<string, string>();
  const add = (part: string, text: string): void => {
    parts.set(part, `${parts.get(part) ?? ""}${text}\n`);
  };
  const fixed = Object.entries(spec.env).filter(([name]) => !CONTAINERS[spec.role].live.has(name));
  for (const [name, value] of fixed.sort(([one], [other]) => (one < other ? -1 : 1))) {
    add(partOf(name), `${name}=${value}`);
  }
  const { HostConfig, Cmd, StopTimeout, Hostname } = containerBody(spec);
  add(OPTIONS_PART, JSON.stringify({ HostConfig, Cmd, StopTimeout, Hostname }));
  return parts;
}

/** The spec with labels that let a later run see what changed: one digest of all, one short digest per part. */
export function withDigests(spec: ContainerSpec, digest: Digest): ContainerSpec {
  const parts = [...configParts(spec)].map(([part, text]) => `${part}=${digest(text).slice(0, 8)}`);
  const text = parts.join(";");
  return {
    ...spec,
    labels: {
      ...spec.labels,
      [Label.configHash]: digest(text),
      [PlanLabel.parts]: text,
      [PlanLabel.environment]: JSON.stringify(spec.env),
      [PlanLabel.options]: JSON.stringify(containerOptions(spec)),
    },
  };
}

/** Names the parts that differ between two part labels. */
export function changedParts(before: string | undefined, after: string | undefined): string[] {
  const [old, wanted] = [readParts(before), readParts(after)];
  return [...new Set([...old.keys(), ...wanted.keys()])].filter((part) => old.get(part) !== wanted.get(part));
}

function readParts(text: string | undefined): Map<string, string> {
  const parts = (text ?? "").split(";").filter((part) => part.includes("="));
  return new Map(
    parts.map(
      (part) => [part.slice(0, part.lastIndexOf("=")), part.slice(part.lastIndexOf("=") + 1)] as const,
    ),
  );
}
