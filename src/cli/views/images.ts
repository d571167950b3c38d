import { formatBytes } from "../../core/model/bytes.ts";
import type { PruneResult } from "../../core/render/plan/old-images.ts";
import { renderTable } from "./table.ts";
import { harmless, theme, type View } from "./theme.ts";

/** What `image prune` did, or in a dry run would do, for people. */
export function renderPruned(
  { removed, freedBytes, kept }: PruneResult,
  { colour, columns, dryRun }: View & { dryRun: boolean },
): string {
  const look = theme(colour);
  const rows = [
    ...removed.map((image) => [shortened(image), look.warn(dryRun ? "would go" : "removed")]),
    ...kept.map(({ image, reason }) => [shortened(image), look.dim(`kept: ${harmless(reason)}`)]),
  ];
  const table =
    rows.length === 0
      ? []
      : [...renderTable(["IMAGE", { heading: "", rank: 1 }], rows, { look, width: columns }), ""];
  const count = `${removed.length} old ${removed.length === 1 ? "image" : "images"}`;
  const size = formatBytes(freedBytes);
  const done = dryRun ? `${count} would go, and free ${size}` : `${count} removed, ${size} freed`;
  return [...table, removed.length === 0 ? "there is no old image" : done, ""].join("\n");
}

function shortened(image: string): string {
  return harmless(image).replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1");
}
