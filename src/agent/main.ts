import { reasonOf } from "../core/errors.ts";
import type { Role } from "../core/members/role.ts";
import { systemClock } from "./clock.ts";
import { log } from "./log.ts";

type Start = () => Promise<void>;

/** Roles by the word that the image's entry point passes. Only what a role needs is loaded: twenty start at once. */
const roles = {
  bng: async () => (await import("./bng/main.ts")).runBng(systemClock()),
  internet: async () => (await import("./internet/main.ts")).runInternet(systemClock()),
  cpe: async () => (await import("./cpe/main.ts")).runCpe(systemClock()),
  host: async () => (await import("./host/main.ts")).runHost(systemClock()),
  keeper: async () => (await import("./bng/keeper.ts")).runKeeper(systemClock()),
} satisfies Record<Role, Start>;

/** What helpers of mhlab do once on the engine's host. */
const helpers = {
  restore: async () => (await import("./bng/restore.ts")).runRestore(),
  deliver: async () => (await import("./bng/restore.ts")).runDeliver(),
} satisfies Record<string, Start>;

const words = new Map<string, Start>(Object.entries({ ...roles, ...helpers }));

const word = process.argv[2] ?? "";
const start = words.get(word);
if (start === undefined) {
  log("error", `unknown role '${word}'; known are ${[...words.keys()].join(", ")}`);
  process.exitCode = 2;
} else {
  start().catch((error: unknown) => {
    log("error", reasonOf(error));
    process.exit(1);
  });
}
