/** How two documents of a node differ: by part of the lab file, with the old value and the new one. */
import {
  isMap,
  settingsOf,
  type DocumentValue,
  type NodeDocument,
  type Settings,
} from "../../model/document.ts";
import { CONTAINERS } from "../nodes/containers/registry.ts";
import type { Role } from "../../model/role.ts";
import { settingAt } from "../../model/settings/registry.ts";

/** One difference. */
export interface Change {
  /** The part of the lab file, in its words. */
  readonly part: string;
  /** Left out where it means nothing to who reads the lab file, such as the name of a link. */
  readonly words?: string;
  /** Whether a running node takes it in place. */
  readonly live: boolean;
}

/** A list of named entries. */
interface NamedList {
  readonly part: string;
  readonly key: "provider" | "name";
}

/** By their keys in the documents of CPEs and hosts. */
const LISTS: Readonly<Record<string, NamedList>> = {
  wans: { part: "providers", key: "provider" },
  hosts: { part: "hosts", key: "name" },
  routers: { part: "routers", key: "provider" },
};

/** Values of an entry that are a part of their own. */
const VALUES: Readonly<Record<string, string>> = { pool: "delegations", probe: "probe", prefix: "prefix" };

/** Parts of what is no setting of a provider. */
const OTHER_PARTS: Readonly<Record<string, string>> = {
  subscriber: "subscriber",
  lent: "subscriber",
  carried: "subscriber",
  software: "software",
  probe: "probe",
};

/** Every difference between the document that a node has and the one that it is to have. */
export function documentChanges(role: Role, before: NodeDocument, after: NodeDocument): Change[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const [old, wanted] = [before[key], after[key]];
    if (JSON.stringify(old) === JSON.stringify(wanted)) return [];
    const live = CONTAINERS[role].isLive(key);
    const list = role === "bng" ? undefined : LISTS[key];
    if (list !== undefined) return listChanges(list, old, wanted).map((change) => ({ ...change, live }));
    if (role !== "bng") return [{ part: OTHER_PARTS[key] ?? "hosts", live }];
    if (key === "subscriber") return [{ part: key, words: arrow(show(old), show(wanted)), live }];
    return settingChanges(settingsAt(key, old), settingsAt(key, wanted));
  });
}

function settingsAt(key: string, value: DocumentValue | undefined): Settings {
  return value === undefined ? {} : settingsOf({ [key]: value });
}

function settingChanges(old: Settings, wanted: Settings): Change[] {
  const paths = [...new Set([...Object.keys(old), ...Object.keys(wanted)])];
  return paths
    .filter((path) => old[path] !== wanted[path])
    .map((path) => {
      const setting = settingAt(path);
      const part = setting?.group ?? "settings";
      const key = path.split(".").at(-1) ?? path;
      // A key means nothing to a reader, and is long.
      const values =
        path === "wireguard.peer" ? "another key" : arrow(old[path] ?? "none", wanted[path] ?? "none");
      // A part of one setting has its name.
      const words = key.replaceAll("-", " ") === part ? values : `${key} ${values}`;
      return { part, words, live: setting?.live === true };
    });
}

function listChanges(
  { part, key }: NamedList,
  before: DocumentValue | undefined,
  after: DocumentValue | undefined,
): Omit<Change, "live">[] {
  const [old, now] = [entriesOf(before, key), entriesOf(after, key)];
  const changes: Omit<Change, "live">[] = [];
  for (const name of new Set([...now.keys(), ...old.keys()])) {
    const [had, has] = [old.get(name), now.get(name)];
    if (had === undefined || has === undefined) {
      changes.push({ part, words: `${name} ${had === undefined ? "added" : "removed"}` });
      continue;
    }
    for (const value of new Set([...Object.keys(had), ...Object.keys(has)])) {
      const [was, is] = [had[value], has[value]];
      if (was === is) continue;
      const own = VALUES[value];
      if (own === undefined) changes.push({ part, words: `${name} by another link` });
      else if (value === "pool") changes.push({ part: own, words: `those of ${name} are forgotten` });
      else changes.push({ part: own, words: `${name} ${arrow(show(was), show(is))}` });
    }
  }
  return changes.length === 0 ? [{ part, words: "in another order" }] : changes;
}

function entriesOf(value: DocumentValue | undefined, key: string): Map<string, NodeDocument> {
  const entries = Array.isArray(value) ? (value as readonly DocumentValue[]).filter(isMap) : [];
  return new Map(entries.map((entry) => [show(entry[key]), entry]));
}

function show(value: DocumentValue | undefined): string {
  if (value === undefined) return "none";
  const line = Object.values(settingsOf({ value: [value] }))[0] ?? "";
  return line.slice(1, -1);
}

function arrow(before: string, after: string): string {
  return `${before} → ${after}`;
}

/** Changes as one reason: `delegation: preferred 30m → 10m`; undefined when there is none. */
export function inPlaceWords(changes: readonly Change[]): string | undefined {
  const parts = [...wordsByPart(changes)].map(([part, words]) => `${part}: ${words.join(", ")}`);
  return parts.length === 0 ? undefined : parts.join("; ");
}

/** Changes as what needs a new container: `prefix (2001:db8:a::/48 → 2001:db8:c::/48), hosts`. */
export function recreateWords(changes: readonly Change[]): string {
  const parts = [...wordsByPart(changes)].map(([part, words]) =>
    words.length === 0 ? part : `${part} (${words.join(", ")})`,
  );
  return parts.join(", ");
}

function wordsByPart(changes: readonly Change[]): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const { part, words } of changes)
    parts.set(part, [...(parts.get(part) ?? []), ...(words === undefined ? [] : [words])]);
  return parts;
}
