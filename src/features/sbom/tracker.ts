/** What Debian's security tracker knows of the packages of an image. */
import { isObject } from "../../core/model/values/shape.ts";
import { ok, warn, type Finding } from "../../core/model/host/finding.ts";
import { compareVersions } from "./debian-version.ts";
import type { ImageContent } from "./dpkg.ts";
import type { ImageToDescribe } from "./spdx.ts";

/** The tracker's data in one file. */
export const TRACKER_URL = "https://security-tracker.debian.org/tracker/data/json";

/** Names of Debian's releases, which the tracker counts by. */
const CODENAMES: Readonly<Record<string, string>> = { "12": "bookworm", "13": "trixie", "14": "forky" };

/** So many are told by name; a rebuild mends all at once. */
const MOST_NAMED = 10;
const REBUILD = "mhlab image build --force, then mhlab down and mhlab up";

export interface Vulnerability {
  readonly id: string;
  readonly source: string;
  /** What is installed. */
  readonly version: string;
  /** The version that mends it; null: Debian has none yet. */
  readonly fixedBy: string | null;
  readonly urgency: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Whether a text is the tracker's data; throws nothing. */
export function readTracker(text: string): Json | undefined {
  try {
    const data: unknown = JSON.parse(text);
    if (!isObject(data)) return undefined;
    const [first] = Object.values(data);
    const [issue] = isObject(first) ? Object.values(first) : [];
    return isObject(issue) && isObject(issue["releases"]) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Vulnerabilities of an image's packages, those with a fix first. What Debian counts as unimportant is left out. */
export function vulnerabilitiesOf({ release, packages }: ImageContent, tracker: Json): Vulnerability[] {
  const codename = CODENAMES[release] ?? release;
  const sources = new Map(packages.map(({ source, sourceVersion }) => [source, sourceVersion]));
  const found = [...sources].flatMap(([source, version]) =>
    Object.entries(objectAt(tracker, source)).flatMap(([id, issue]): Vulnerability[] => {
      const about = isObject(issue) ? objectAt(objectAt(issue, "releases"), codename) : {};
      const { status, urgency, fixed_version: fixed } = about;
      if (typeof urgency !== "string" || urgency === "unimportant") return [];
      const one = { id, source, version, urgency };
      if (status === "open") return [{ ...one, fixedBy: null }];
      const isMended = typeof fixed !== "string" || fixed === "0" || compareVersions(version, fixed) >= 0;
      return status === "resolved" && !isMended ? [{ ...one, fixedBy: fixed }] : [];
    }),
  );
  return found.sort(
    (one, other) =>
      Number(one.fixedBy === null) - Number(other.fixedBy === null) ||
      one.source.localeCompare(other.source) ||
      one.id.localeCompare(other.id),
  );
}

function objectAt(of: Json, key: string): Json {
  const found = Object.hasOwn(of, key) ? of[key] : undefined;
  return isObject(found) ? found : {};
}

/** What the tracker's data say of images. */
export function vulnerabilityFindings(
  images: readonly ImageToDescribe[],
  tracker: Readonly<Record<string, unknown>>,
): Finding[] {
  return images.map(({ reference, content }) => {
    const id = `vulnerabilities-${reference}`;
    const found = vulnerabilitiesOf(content, tracker);
    const mended = found.filter(({ fixedBy }) => fixedBy !== null);
    const open = found.length - mended.length;
    const rest = open === 0 ? "" : `; for ${vulnerabilities(open, "more")} Debian has no fix yet`;
    if (mended.length === 0)
      return ok(id, `${reference}: no known vulnerability that an update fixes${rest}`);
    const named = mended
      .slice(0, MOST_NAMED)
      .map((one) => `${one.id} (${one.source} ${one.version}, fixed in ${one.fixedBy ?? ""})`);
    const more = mended.length > named.length ? ` and ${mended.length - named.length} more` : "";
    return warn(
      id,
      `${reference}: ${vulnerabilities(mended.length, "known")} that an update fixes: ${named.join(", ")}${more}${rest}`,
      REBUILD,
    );
  });
}

function vulnerabilities(count: number, which: string): string {
  return `${count} ${which} ${count === 1 ? "vulnerability" : "vulnerabilities"}`;
}
