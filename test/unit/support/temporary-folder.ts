import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives all unit tests one temporary folder, and removes it with what they left. Runs once, before them. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "mhlab-unit-"));
  process.env["TMPDIR"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
