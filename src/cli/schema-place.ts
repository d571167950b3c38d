import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
const SCHEMA = join("schemas", "lab.schema.json");
/** What `mhlab schema > lab.schema.json` makes. */
const BESIDE = "lab.schema.json";

/**
 * How a lab file in a folder names its schema: within a project that has this mhlab, the way there, which is the same
 * for everybody who has the project; elsewhere a file beside it, for a path of this machine means nothing on another.
 */
export function schemaFor(folder: string, packageFolder: string = PACKAGE): string {
  const own = packageFolder.endsWith(sep) ? packageFolder : `${packageFolder}${sep}`;
  const [project = own] = own.split(`node_modules${sep}`);
  return `${folder}${sep}`.startsWith(project) ? relative(folder, join(own, SCHEMA)) : BESIDE;
}
