/** Sessions: curl fetches a page again and again, each time by a new connection. */
import { prose, time, whole, oneOf } from "../scenario/entries/values.ts";
import { jsonOf, loadKind, memberOf, numberOf, type LoadValue } from "./kind.ts";

const USUAL = { rate: 1, limitS: 5 } as const;
/** More than it fetches in its time: it is ended by then. */
const MOST = 1_000_000;

export const curl = loadKind({
  summary: "fetches a page again and again, each time by a new connection, and measures each",
  tool: "curl",
  options: {
    rate: whole(
      1,
      100,
      "How many are begun in a second, as long as each ends in time.",
      USUAL.rate,
    ).optional(),
    limit: time("How long one may take.", { min: 0.1, usual: "5s" }).optional(),
    path: prose("What is fetched.", "/json").optional(),
    http: oneOf(["1.1", "2"], "The version of HTTP; the bundled internet speaks 1.1.").optional(),
  },
  check: ({ path }) =>
    path === undefined || /^\/[\w./?=&%-]*$/.test(path)
      ? undefined
      : ["path", "this is no path", "write it as in a URL, without brackets and spaces: /json"],
  longestS: 3600,
  port: 80,
  endsItself: false,
  extension: "ndjson",
  metrics: ["session", "session-failed", "connect"],
  server: () => null,
  client: ({ target, source, port, options }) => [
    // A line tells by its arrival when the session ended, and curl is killed with what it has not written.
    "stdbuf",
    "--output=L",
    "curl",
    "--no-progress-meter",
    "--output",
    "/dev/null",
    "--write-out",
    "%{json}\\n",
    "--rate",
    `${options.rate ?? USUAL.rate}/s`,
    "--max-time",
    String(options.limit ?? USUAL.limitS),
    ...(options.http === "2" ? ["--http2-prior-knowledge"] : ["--http1.1"]),
    "--header",
    "Connection: close",
    ...(source === null ? [] : ["--interface", `host!${source}`]),
    `http://[${target}]:${port}${options.path ?? "/"}#[1-${MOST}]`,
  ],
  cost: ({ options: { rate = USUAL.rate }, forS }) =>
    `${rate} requests a second for ${forS} s: little beside the probes`,
  reader: () => ({
    line: curlSession,
    end: () => ({ values: [], error: null }),
  }),
});

/** The session that a line of `--write-out %{json}` tells of, which came at its end; none of another line. */
export function curlSession(text: string, atS: number): LoadValue[] {
  const parsed = jsonOf(text);
  const seconds = numberOf(parsed, "time_total");
  if (seconds === undefined) return [];
  const address = memberOf(parsed, "local_ip");
  const about = typeof address === "string" && address !== "" ? address : null;
  const beginS = atS - seconds;
  const failed = numberOf(parsed, "exitcode") !== 0 || (numberOf(parsed, "http_code") ?? 0) >= 400;
  const connectS = numberOf(parsed, "time_connect") ?? 0;
  const session: LoadValue = {
    atS: beginS,
    lastsS: seconds,
    metric: failed ? "session-failed" : "session",
    value: seconds,
    about,
  };
  if (connectS <= 0) return [session];
  return [session, { atS: beginS, lastsS: connectS, metric: "connect", value: connectS, about }];
}
