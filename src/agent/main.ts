import { log, reasonOf } from "./log.ts";

/** Roles by the word that the image's entry point passes. Only what a role needs is loaded: twenty start at once. */
const roles: Record<string, () => Promise<void>> = {
  bng: async () => (await import("./bng/main.ts")).runBng(),
  internet: async () => (await import("./internet/main.ts")).runInternet(),
  cpe: async () => (await import("./cpe/main.ts")).runCpe(),
  host: async () => (await import("./cpe/main.ts")).runHost(),
  keeper: async () => (await import("./bng/keeper.ts")).runKeeper(),
  restore: async () => (await import("./bng/restore.ts")).runRestore(),
  deliver: async () => (await import("./bng/restore.ts")).runDeliver(),
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
