import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("../../examples/two-isps/lab.yaml", import.meta.url));

/** The offline example that comes with mhlab, as one names it from where one is. */
export function examplePath(): string {
  const way = relative(process.cwd(), FILE);
  return way.startsWith(`..${sep}`) ? FILE : way;
}
