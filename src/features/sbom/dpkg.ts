/** The package database of an image of Debian, which is what was installed when the image was built. */

export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The source package that it was built from, by which Debian's security team counts. */
  readonly source: string;
  readonly sourceVersion: string;
}

/** What an image holds, as far as it can say so itself. */
export interface ImageContent {
  /** `13` of Debian 13. */
  readonly release: string;
  /** The base image brings Node without a package. Null when there is none. */
  readonly node: string | null;
  readonly packages: readonly DebianPackage[];
}

const FIELDS = ["Package", "Version", "Architecture", "source:Package", "source:Version", "db:Status-Abbrev"];
const FORMAT = `${FIELDS.map((field) => `\${${field}}`).join("\\t")}\\n`;

/** A command that tells the content of an image on its standard output. */
export const TELL_CONTENT: readonly string[] = [
  "sh",
  "-c",
  `. /etc/os-release; printf '%s\\n' "$VERSION_ID"; node --version 2>/dev/null || echo; dpkg-query -W -f "$1"`,
  "sh",
  FORMAT,
];

/** Reads what that command tells; undefined for anything else. Packages that are not installed are left out. */
export function readContent(text: string): ImageContent | undefined {
  const [release = "", node = "", ...lines] = text.split("\n");
  const packages = lines.flatMap((line): DebianPackage[] => {
    const cells = line.split("\t");
    if (cells.length !== FIELDS.length || cells[5]?.startsWith("ii") !== true) return [];
    const [name = "", version = "", architecture = "", source = "", sourceVersion = ""] = cells;
    return [{ name, version, architecture, source, sourceVersion }];
  });
  if (!/^\d+$/.test(release) || packages.length === 0) return undefined;
  return { release, node: /^v(\d+\.\d+\.\d+)$/.exec(node)?.[1] ?? null, packages };
}
