import { SERVED_REPORT_POLICY } from "../../features/report/page.ts";
import { json, type ApiRoute } from "./api-route.ts";
import type { RunBoard } from "./runs.ts";

/** What can be asked of experiments. */
export function runRoutes(runs: RunBoard): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/api/runs",
      summary: "The experiments of the lab, the newest first: those that run, and those that are over.",
      type: "application/json",
      answer: async () => json(await runs.list()),
    },
    {
      method: "GET",
      path: "/api/runs/{id}",
      summary:
        "One of them: its steps with their state, what lasts, and what was expected. A run of a series has both names, with `%2F` between.",
      type: "application/json",
      answer: async ({ path }) => json(await runs.run(path["id"] ?? "")),
    },
    {
      method: "GET",
      path: "/api/runs/{id}/report",
      summary: "The report of a run, or of a series, as a page of its own.",
      type: "text/html",
      answer: async ({ path }) => ({
        kind: "bytes",
        type: "text/html; charset=utf-8",
        bytes: await runs.report(path["id"] ?? ""),
        policy: SERVED_REPORT_POLICY,
      }),
    },
  ];
}
