/** A file of apt sources: name as in /etc/apt, text as it stands there. */
export interface AptSourceFile {
  name: string;
  text: string;
}

interface Stanza {
  uris: string[];
  suites: string[];
  components: string[];
  signedBy: string;
}

const ARCHIVE_KEYRING = /^\/usr\/share\/keyrings\/debian-archive-[\w.-]+$/;

/**
 * Picks what a Debian release needs from the machine's apt sources, as deb822 text; empty when there is nothing.
 * Left out: other releases, third parties (their keys are not in a fresh system), `file:` and `cdrom:`, addresses
 * that carry a password, sources of source packages.
 */
export function pickAptSources(files: readonly AptSourceFile[], release: string): string {
  const stanzas = files
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((file) => (file.name.endsWith(".sources") ? parseDeb822(file.text) : parseOneLine(file.text)))
    .map((stanza) => narrow(stanza, release))
    .filter((stanza) => stanza.uris.length > 0 && stanza.suites.length > 0);
  if (!stanzas.some((stanza) => stanza.suites.includes(release))) return "";
  return stanzas.map(render).join("\n");
}

function narrow(stanza: Stanza, release: string): Stanza {
  const trusted = stanza.signedBy === "" || ARCHIVE_KEYRING.test(stanza.signedBy);
  const suites = new Set([release, `${release}-updates`, `${release}-security`]);
  return {
    ...stanza,
    uris: trusted ? stanza.uris.filter((uri) => /^https?:\/\/[^@]+$/.test(uri)) : [],
    suites: stanza.components.includes("main") ? stanza.suites.filter((suite) => suites.has(suite)) : [],
    components: ["main"],
  };
}

function render(stanza: Stanza): string {
  const signedBy = stanza.signedBy === "" ? "" : `Signed-By: ${stanza.signedBy}\n`;
  return `Types: deb\nURIs: ${stanza.uris.join(" ")}\nSuites: ${stanza.suites.join(" ")}\nComponents: main\n${signedBy}`;
}

function parseDeb822(text: string): Stanza[] {
  const withoutComments = text.replace(/^#.*\n?/gm, "");
  return withoutComments.split(/\n\s*\n/).flatMap((paragraph) => {
    const fields = new Map<string, string>();
    for (const line of paragraph.replace(/\n[ \t]+/g, " ").split("\n")) {
      const match = /^([\w-]+):\s*(.*)$/.exec(line);
      if (match?.[1] !== undefined) fields.set(match[1].toLowerCase(), (match[2] ?? "").trim());
    }
    const words = (name: string): string[] =>
      (fields.get(name) ?? "").split(/\s+/).filter((word) => word !== "");
    if (!words("types").includes("deb") || fields.get("enabled")?.toLowerCase() === "no") return [];
    return [
      {
        uris: words("uris"),
        suites: words("suites"),
        components: words("components"),
        signedBy: fields.get("signed-by") ?? "",
      },
    ];
  });
}

function parseOneLine(text: string): Stanza[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
    if (match === null) return [];
    const [, options = "", uri = "", suite = "", components = ""] = match;
    const signedBy = /signed-by=(\S+)/i.exec(options)?.[1] ?? "";
    return [{ uris: [uri], suites: [suite], components: components.trim().split(/\s+/), signedBy }];
  });
}
