import { systemClock } from "../clock.ts";
import { run, type RoleOf, type Start } from "../run.ts";

run({
  cpe: async () => (await import("../cpe/main.ts")).runCpe(systemClock()),
  host: async () => (await import("../host/main.ts")).runHost(systemClock()),
} satisfies Record<RoleOf<"cpe">, Start>);
