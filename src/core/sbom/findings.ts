import { ok, warn, type Finding } from "../host/finding.ts";
import type { ImageToDescribe } from "./spdx.ts";
import { vulnerabilitiesOf } from "./tracker.ts";

/** So many are told by name; a rebuild mends all at once. */
const MOST_NAMED = 10;
const REBUILD = "mhlab image build --force, then mhlab down and mhlab up";

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
