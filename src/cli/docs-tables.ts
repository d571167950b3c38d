/** Fills the marked places of a page: `<!-- settings: wireguard -->` and its table, until `<!-- end -->`. */
export function withTables(page: string, topic: string, tableOf: (name: string) => string): string {
  const marked = new RegExp(`(<!-- ${topic}: ([a-z-]+) -->\\n)[^]*?(<!-- end -->)`, "g");
  return page.replaceAll(
    marked,
    (_, start: string, name: string, end: string) => `${start}\n${tableOf(name)}\n\n${end}`,
  );
}

/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`.replaceAll("|  |", "| |"))
    .join("\n");
}
