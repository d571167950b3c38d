/** What `-v` tells of the requests to an engine: never a body nor a query, where secrets could be. */
import type { ClientRequest } from "node:http";
import { withNames } from "./names.ts";
import { isStream } from "./patience.ts";

/** Tells of a request when its answer has ended, with the time that it took; of a stream also when it begins. */
export function traceRequest(request: ClientRequest, tell: (line: string) => void): void {
  const begun = performance.now();
  const [path = ""] = request.path.split("?");
  const say = (outcome: string): void => {
    const ms = Math.round(performance.now() - begun);
    tell(`engine: ${request.method} ${withNames(path)} ${outcome} ${ms} ms`);
  };
  let answer: string | undefined;
  let failure: string | undefined;
  const end = (): void => {
    if (answer === undefined && failure === undefined) return;
    say([answer, failure === undefined ? "after" : `failed (${failure}) after`].join(" ").trim());
  };
  request.on("error", ({ message }) => {
    failure = message;
  });
  request.once("upgrade", ({ statusCode }, socket) => {
    say(`${statusCode}, open after`);
    answer = "closed";
    socket.once("close", end);
  });
  request.once("response", (response) => {
    answer = String(response.statusCode);
    if (isStream(request.path)) {
      say(`${answer}, open after`);
      answer = "closed";
    }
    response.once("close", end);
  });
  request.once("close", () => {
    if (answer === undefined) end();
  });
}
