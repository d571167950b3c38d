import { systemClock } from "../clock.ts";
import { run, type RoleOf, type Start } from "../run.ts";

/** By the word of the entry point. Only what a role needs is loaded: twenty start at once. */
const roles = {
  bng: async () => (await import("../bng/main.ts")).runBng(systemClock()),
  keeper: async () => (await import("../bng/keeper.ts")).runKeeper(systemClock()),
} satisfies Record<RoleOf<"bng">, Start>;

/** What helpers of mhlab do once on the engine's host. */
const helpers = {
  restore: async () => (await import("../bng/restore.ts")).runRestore(),
  deliver: async () => (await import("../bng/restore.ts")).runDeliver(),
} satisfies Record<string, Start>;

run({ ...roles, ...helpers });
