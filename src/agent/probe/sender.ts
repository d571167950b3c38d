import { formatRequest } from "../../core/model/protocol/request.ts";
import type { RequestOf } from "../../core/model/protocol/verbs.ts";
import type { Streams } from "../serve/server.ts";
import { paths } from "./paths.ts";
import { tellProgram } from "./program.ts";

/** The services of the bundled internet that flows talk to, or of whoever is named. */
const ECHO_PORT = 7;
const DNS_PORT = 53;

/** What every role answers that probes: hosts and CPEs. */
export const SENDING = {
  probe(request, asker) {
    const targets = request.targets.map(({ by, address }) => `${by}=${address}`);
    tellProgram(asker, ["send", String(request.everyMs), ...targets], formatRequest(request));
  },
  async flow(request, asker) {
    if (request.kind === "mptcp") await paths.offerWhile(asker);
    tellProgram(asker, ["flow", ...wordsOf(request)], formatRequest(request));
  },
} as const satisfies Streams;

function wordsOf({ kind, everyMs, source = "any", target, port }: RequestOf<"flow">): string[] {
  return [kind, String(everyMs), source, target, String(port ?? (kind === "dns" ? DNS_PORT : ECHO_PORT))];
}
