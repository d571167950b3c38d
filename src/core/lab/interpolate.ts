import { isMap, isScalar, isSeq, type Document } from "yaml";
import { keyText } from "./locate.ts";
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

/** Replaces `${VAR}` and `${VAR:-default}` in every value of the document, in place; `$$` stands for `$`. */
export function interpolate(document: Document, env: Variables): Interpolated {
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
        const replaced = expand(reference, body ?? "", { env, used });
        if (typeof replaced === "string") return replaced;
        findings.push({ code: "MHLAB_LAB_VARIABLE", path, ...replaced });
        return "";
      });
    }
  };
  visit(document.contents, []);
  return { findings, used };
}

function expand(
  reference: string,
  body: string,
  { env, used }: { env: Variables; used: Map<string, string> },
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
  return (
    value ?? {
      message: `the environment variable ${name} is not set`,
      hint: `set it (export ${name}=…), or give a default: \${${name}:-default}`,
    }
  );
}
