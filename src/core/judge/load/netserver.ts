/** The server of netperf, which flent's streams use too. */
import type { LoadKindRecord } from "./kind.ts";

/** How it is started in the bundled internet, and the port that it has elsewhere. */
export const NETSERVER = {
  port: 12_865,
  server: ({ target, port }) => ({
    argv: ["netserver", "-D", "-N", "-6", "-L", target, "-p", String(port)],
    ready: /^Starting netserver with host /m,
  }),
} satisfies Pick<LoadKindRecord, "port" | "server">;
