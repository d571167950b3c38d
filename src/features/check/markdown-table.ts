function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A table of Markdown; its cells are as they are. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** A text that ends neither a cell nor a line. */
export function cell(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[|<>]/g, (one) => `\\${one}`);
}
