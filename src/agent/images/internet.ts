import { systemClock } from "../clock.ts";
import { runInternet } from "../internet/main.ts";
import { run, type RoleOf, type Start } from "../run.ts";

run({
  internet: () => runInternet(systemClock()),
} satisfies Record<RoleOf<"internet">, Start>);
