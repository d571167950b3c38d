import { runBng } from "./bng/main.ts";
import { runDeliver, runRestore } from "./bng/restore.ts";
import { runCpe, runHost } from "./cpe/main.ts";
import { runInternet } from "./internet/main.ts";
import { log, reasonOf } from "./log.ts";

/** Roles by the word that the image's entry point passes. */
const roles: Record<string, () => Promise<void>> = {
  bng: runBng,
  internet: runInternet,
  cpe: runCpe,
  host: runHost,
  restore: runRestore,
  deliver: runDeliver,
};

const role = process.argv[2] ?? "";
const start = roles[role];
if (start === undefined) {
  log("error", `unknown role '${role}'; known are ${Object.keys(roles).join(", ")}`);
  process.exitCode = 2;
} else {
  start().catch((error: unknown) => {
    log("error", reasonOf(error));
    process.exit(1);
  });
}
