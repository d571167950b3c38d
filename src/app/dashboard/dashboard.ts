import { MhlabError } from "../../core/model/errors.ts";
import type { RunningServer, ServeWeb } from "../ports/web-server.ts";
import { openApi } from "./openapi.ts";
import { apiRoutes, pageRoutes, type RoutePorts } from "./routes.ts";

export interface DashboardOptions extends RoutePorts {
  readonly serve: ServeWeb;
  readonly port: number | undefined;
  readonly token: string;
  /** An error for scripts. */
  readonly errorObject: (error: unknown) => unknown;
}

/** Serves a lab's page and its API on loopback. Throws HostError when the port is taken. */
export async function serveDashboard(options: DashboardOptions): Promise<RunningServer> {
  const api = apiRoutes(options);
  const document = openApi(api, options.version);
  const { serve, port, token, errorObject } = options;
  return await serve({
    port,
    token,
    routes: [
      ...pageRoutes(options),
      ...api,
      { method: "GET", path: "/api/openapi.json", answer: () => ({ kind: "json", value: document }) },
    ],
    failed: (error) => ({ status: statusOf(error), value: errorObject(error) }),
  });
}

/** The status of HTTP for an error: by what it ends a command with. */
function statusOf(error: unknown): number {
  if (!(error instanceof MhlabError)) return 500;
  return STATUSES[error.exitCode] ?? 502;
}

/** By exit code: what was asked is wrong, somebody else is at it, the lab is not as it should be. */
const STATUSES: Readonly<Record<number, number>> = { 2: 400, 4: 409, 5: 409 };
