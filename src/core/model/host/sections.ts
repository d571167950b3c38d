/** The output of a script that looks at a host: one section per fact. */

/** What a section said, and whether its command succeeded. */
export interface Section {
  readonly text: string;
  readonly ok: boolean;
}

/** Prints the section of a command; what a program lacks is a section that failed. */
export const SECTION_FUNCTION = `section() { printf '@@ %s\\n' "$1"; shift; "$@" 2>&1; printf '\\n@@= %s\\n' "$?"; }`;

/** Takes the output of such a script apart. */
export function parseSections(output: string): Map<string, Section> {
  const sections = new Map<string, Section>();
  for (const match of output.matchAll(/^@@ (\S+)\n([^]*?)\n@@= (\d+)$/gm)) {
    sections.set(match[1] ?? "", { text: (match[2] ?? "").trim(), ok: match[3] === "0" });
  }
  return sections;
}
