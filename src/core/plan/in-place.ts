/** What a running container takes without being made anew: settings that its role calls live. */
import { changedInPlace } from "../intent/environment.ts";
import { CONTAINERS } from "../members/containers/registry.ts";
import { SETTINGS_FILE } from "../names.ts";
import type { LabContainer } from "./observed.ts";
import { PlanLabel, type ContainerSpec, type FileSpec } from "./spec.ts";

type Settings = Readonly<Record<string, string>>;

/** The live settings that a container should have. */
export function liveSettings({ role, env }: Pick<ContainerSpec, "role" | "env">): Settings {
  return pick(env, CONTAINERS[role].live);
}

/** The file by which a running container is told its live settings; none for a role that has none. */
export function settingsFile(spec: ContainerSpec): FileSpec[] {
  if (CONTAINERS[spec.role].live.size === 0) return [];
  const text = `${JSON.stringify(liveSettings(spec))}\n`;
  return [{ path: SETTINGS_FILE, mode: 0o644, content: { text } }];
}

/**
 * The environment that a container acts by, without its overlay: what it was created with, and what was changed in place
 * since. Undefined when its labels do not tell, as of one that an older mhlab made.
 */
export function presentEnvironment(
  { role, labels }: Pick<LabContainer, "role" | "labels">,
  settings: Settings | undefined,
): Settings | undefined {
  const created = parse(labels[PlanLabel.environment]);
  if (created === undefined || settings === undefined) return created;
  return changedInPlace(created, settings, CONTAINERS[role].live);
}

function pick(settings: Settings, names: ReadonlySet<string>): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.has(name)));
}

function parse(text: string | undefined): Settings | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? (value as Settings) : undefined;
  } catch {
    return undefined;
  }
}
