import type { WebRoute } from "../../app/ports/web-server.ts";

/** What a path leads to, or why to nothing. */
type Found =
  | { readonly route: WebRoute; readonly path: Readonly<Record<string, string>> }
  | { readonly status: 404 | 405; readonly why: string };

/** Finds the route of a path; a name in braces stands for one part of it. */
export function matcher(routes: readonly WebRoute[]): (method: string, pathname: string) => Found {
  const known = routes.map((route) => ({ route, parts: route.path.split("/") }));
  return (method, pathname) => {
    const given = pathname.split("/").map(decoded);
    const matching = known.flatMap(({ route, parts }) => {
      const path = pathIn(parts, given);
      return path === undefined ? [] : [{ route, path }];
    });
    const found = matching.find(({ route }) => route.method === method);
    if (found !== undefined) return found;
    return matching.length === 0
      ? { status: 404, why: "there is nothing here; /api/openapi.json tells what there is" }
      : { status: 405, why: `only ${matching.map(({ route }) => route.method).join(", ")}` };
  };
}

function pathIn(
  parts: readonly string[],
  given: readonly (string | undefined)[],
): Record<string, string> | undefined {
  if (parts.length !== given.length) return undefined;
  const path: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const value = given[index];
    const [, name] = /^\{(.+)\}$/.exec(part) ?? [];
    if (value === undefined || (name === undefined && value !== part)) return undefined;
    if (name !== undefined) path[name] = value;
  }
  return path;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
