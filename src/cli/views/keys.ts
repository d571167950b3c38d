import { renderTable } from "./table.ts";
import { harmlessAll, shownAll, theme, type View } from "./theme.ts";

/** A row of `keys show`. */
export interface KeyRow {
  readonly provider: string;
  readonly kind: string;
  readonly publicKey: string | null;
  readonly fingerprint: string;
  readonly file: string;
}

const NAMES: Readonly<Record<string, string>> = {
  bng: "provider",
  next: "provider, next",
  internet: "internet",
  preshared: "pre-shared",
};

/** Keys for people: one line each, a pre-shared key by its fingerprint alone. */
export function renderKeys(rows: readonly KeyRow[], view: View): string {
  const { colour, columns } = view;
  const look = theme(colour);
  if (rows.length === 0) return shownAll("no keys yet; `mhlab up` makes them", view).concat("\n");
  const lines = renderTable(
    [
      "PROVIDER",
      "KEY OF",
      { heading: "PUBLIC KEY", rank: 3, below: "" },
      { heading: "FINGERPRINT", rank: 2 },
      { heading: "FILE OF THE SECRET", rank: 1, below: "" },
    ],
    harmlessAll(rows).map(({ provider, kind, publicKey, fingerprint, file }) => [
      look.strong(provider),
      NAMES[kind] ?? kind,
      publicKey ?? look.dim("(secret)"),
      fingerprint,
      look.dim(file),
    ]),
    { look, width: columns },
  );
  return `${lines.join("\n")}\n`;
}
