import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../../../..", import.meta.url));
export const GOLDEN = join(ROOT, "test/golden");
export const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

/** Variables that the golden labs may use. */
export const GOLDEN_ENV = {
  PEER: "9uGsG4LLLoFXkPbV1hrBDFGIGZmGgx4x0Y0LSXuAcEg=",
  ALPHA_DNS: "2001:db8:a::53",
  VLAN: "101",
};

/** Names of the labs in a golden folder, without ending. */
export function goldenNames(folder: string): string[] {
  return readdirSync(join(GOLDEN, folder))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

/** The text that a golden file holds; with UPDATE_GOLDEN=1 it is written first. */
export function golden(path: string, actual: string): string {
  const file = join(ROOT, path);
  if (UPDATE) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  return readFileSync(file, "utf8");
}
