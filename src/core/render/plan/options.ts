/** What a container is given beside its document, flat and short, so that a change of it can be told by the engine's own words. */
import { Label, stableHex } from "../../model/names.ts";
import { containerBody } from "./body.ts";
import { PlanLabel, type ContainerSpec } from "../nodes/spec.ts";

/** SHA-256 of a text as hexadecimal; passed in, because the core has no crypto. */
export type Digest = (text: string) => string;

/** Items by option; one that is a single value has one item. */
export type ContainerOptions = Readonly<Record<string, readonly string[]>>;

/** Longer than any path or number; what is longer (a list of system calls) is told by a digest of it. */
const LONGEST_ITEM = 120;

/** The options of a container that are part of its configuration. */
export function containerOptions(spec: ContainerSpec): ContainerOptions {
  const { HostConfig, Cmd = [], StopTimeout, Hostname } = containerBody(spec);
  const options: Record<string, unknown> = { ...HostConfig, Cmd, StopTimeout, Hostname };
  return Object.fromEntries(
    Object.entries(options)
      .map(([name, value]) => [name, itemsOf(value).map(shortened)] as const)
      .filter(([, items]) => items.length > 0),
  );
}

/** The spec with labels by which a later run sees what changed. */
export function withDigest(spec: ContainerSpec, digest: Digest): ContainerSpec {
  const { HostConfig, Cmd, StopTimeout, Hostname } = containerBody(spec);
  return {
    ...spec,
    labels: {
      ...spec.labels,
      [Label.configHash]: digest(JSON.stringify({ HostConfig, Cmd, StopTimeout, Hostname })),
      [PlanLabel.options]: JSON.stringify(containerOptions(spec)),
    },
  };
}

function itemsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(itemOf);
  if (typeof value !== "object" || value === null) return [String(value)];
  return Object.entries(value).map(
    ([name, of]) => `${name}=${typeof of === "string" ? of : JSON.stringify(of)}`,
  );
}

function itemOf(value: unknown): string {
  if (typeof value === "string") return value;
  const { Source, Target } = value as { Source?: string; Target?: string };
  return Target === undefined ? JSON.stringify(value) : `${Source}:${Target}`;
}

function shortened(item: string): string {
  return item.length <= LONGEST_ITEM ? item : `${item.slice(0, 8)}… (${stableHex(item)})`;
}

/** What differs: a value by the old and the new one, of a list what came and what went; nothing when the old ones are not known. */
export function optionChanges(before: string | undefined, after: ContainerOptions): string[] {
  const old = readOptions(before);
  if (old === undefined) return [];
  const names = [...new Set([...Object.keys(old), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [had = [], has = []] = [old[name], after[name]];
    const [gone, come] = [
      had.filter((item) => !has.includes(item)),
      has.filter((item) => !had.includes(item)),
    ];
    if (gone.length + come.length === 0) return [];
    if (had.length === 1 && has.length === 1) return [`${name} ${had[0]} → ${has[0]}`];
    return [[name, ...gone.map((item) => `-${item}`), ...come.map((item) => `+${item}`)].join(" ")];
  });
}

function readOptions(text: string | undefined): ContainerOptions | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (typeof value !== "object" || value === null) return undefined;
    return Object.fromEntries(
      Object.entries(value).map(([name, items]) => [name, Array.isArray(items) ? items.map(String) : []]),
    );
  } catch {
    return undefined;
  }
}
