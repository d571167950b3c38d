import { readFileSync, writeFileSync } from "node:fs";

/** A setting under /proc/sys, the value it must have, and what breaks without it. */
export type RequiredSysctl = readonly [path: string, value: string, consequence: string];

/** Sets a value under /proc/sys when it can be set; whether it is right now. */
export function ensureSysctl(path: string, value: string): boolean {
  const file = `/proc/sys/${path}`;
  try {
    if (readFileSync(file, "utf8").trim() === value) return true;
    writeFileSync(file, value);
    return true;
  } catch {
    return false;
  }
}

/** Sets what can be set; throws an Error that names the `--sysctl` options when one is wrong and read-only. */
export function requireSysctls(required: readonly RequiredSysctl[]): void {
  const missing = required.filter(([path, value]) => !ensureSysctl(path, value));
  if (missing.length === 0) return;
  const options = missing.map(([path, value]) => `--sysctl ${path.replaceAll("/", ".")}=${value}`);
  const why = missing.map(([, , consequence]) => consequence).join("; ");
  throw new Error(`${why}: /proc/sys is read-only here, so start the container with ${options.join(" ")}`);
}
