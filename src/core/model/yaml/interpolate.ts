import { isMap, isScalar, isSeq, type Document } from "yaml";
import { keyText } from "./locate.ts";
import type { FileKind } from "./file-kind.ts";
import type { Finding, Path } from "./findings.ts";

type Variables = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\$|\$\{([^}]*)\}?/g;
const WHOLE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/** What became of a document's variables. */
export interface Interpolated {
  /** What could not be replaced. */
  readonly findings: readonly Finding[];
  /** The variables whose values are in the document now, and these. */
  readonly used: ReadonlyMap<string, string>;
}

/**
 * Replaces `${VAR}` and `${VAR:-default}` in every value of the document, in place; `$$` stands for `$`. With `below`, only
 * in what these keys of its root hold.
 */
export function interpolate(
  document: Document,
  env: Variables,
  { unset, below }: Pick<FileKind, "unset"> & { readonly below?: readonly string[] },
): Interpolated {
  const findings: Finding[] = [];
  const used = new Map<string, string>();
  const visit = (node: unknown, path: Path): void => {
    if (isMap(node)) {
      for (const pair of node.items) visit(pair.value, [...path, keyText(pair) ?? ""]);
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
    } else if (isScalar(node) && typeof node.value === "string") {
      node.value = node.value.replaceAll(REFERENCE, (reference: string, body?: string) => {
        if (reference === "$$") return "$";
        const replaced = expand(reference, body ?? "", { env, used, unset });
        if (typeof replaced === "string") return replaced;
        findings.push({ code: "MHLAB_LAB_VARIABLE", path, ...replaced });
        return "";
      });
    }
  };
  if (below === undefined) visit(document.contents, []);
  else if (isMap(document.contents))
    for (const pair of document.contents.items) {
      const key = keyText(pair) ?? "";
      if (below.includes(key)) visit(pair.value, [key]);
    }
  return { findings, used };
}

function expand(
  reference: string,
  body: string,
  { env, used, unset }: { env: Variables; used: Map<string, string>; unset: FileKind["unset"] },
): string | { message: string; hint: string } {
  const match = reference.endsWith("}") ? WHOLE.exec(body) : null;
  const [, name, otherwise] = match ?? [];
  if (name === undefined) {
    return {
      message: `'${reference}' is not a variable`,
      hint: "write ${NAME}, or ${NAME:-default}; a dollar sign that means itself is written $$",
    };
  }
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value) used.set(name, value);
  if (otherwise !== undefined) return value || otherwise;
  return value ?? unset(name);
}
