import { Cancelled, HostError, MhlabError, OperationError } from "../../core/model/errors.ts";
import { HOST_NAMESPACES } from "../../core/model/names.ts";
import { withNames } from "./names.ts";

export interface EngineFailure {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly message?: unknown;
  readonly json?: unknown;
  readonly name?: unknown;
}

/** The code of an error that the ssh program reported. */
export const SSH_FAILED = "SSH_FAILED";

/** The code of an error for an engine that says nothing. */
export const ENGINE_SILENT = "ENGINE_SILENT";

const UNREACHABLE = [
  "ENOENT",
  "ECONNREFUSED",
  "EACCES",
  "EPERM",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "ENOTDIR",
];
const LOST = ["ECONNRESET", "EPIPE", "ECONNABORTED", "ERR_STREAM_PREMATURE_CLOSE"];

/** The HTTP status of a failed engine request, if it had one. */
export function statusCodeOf(error: unknown): number | undefined {
  const { statusCode } = (error ?? {}) as EngineFailure;
  return typeof statusCode === "number" ? statusCode : undefined;
}

/** Whether an error means that nobody answers at the engine's address (any more). */
export function isUnreachable(error: unknown): boolean {
  const { code, message } = (error ?? {}) as EngineFailure;
  return (
    [...UNREACHABLE, ...LOST, SSH_FAILED, ENGINE_SILENT].includes(String(code)) ||
    isTlsFailure(code) ||
    message === "socket hang up"
  );
}

/** Whether TLS came to nothing; OpenSSL's reasons for refusing a certificate have codes of their own. */
export function isTlsFailure(code: unknown): boolean {
  return /^(EPROTO|ERR_(SSL|TLS|OSSL)_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_|HOSTNAME_)/.test(
    String(code),
  );
}

/** An engine's failure as an error that a user understands; MhlabErrors pass through. */
export function engineError(error: unknown, operation: string): MhlabError {
  if (error instanceof MhlabError) return error;
  const { message, json, name } = (error ?? {}) as EngineFailure;
  if (name === "AbortError") return new Cancelled({ cause: error });
  if (isUnreachable(error)) {
    return new OperationError(
      "MHLAB_ENGINE_LOST",
      `the Docker engine went away while mhlab wanted to ${withNames(operation)}`,
      {
        hint: "start the engine again, then repeat the command: it completes what is missing",
        evidence: [String(message)],
        cause: error,
      },
    );
  }
  const said = (json as { message?: string } | undefined)?.message;
  // dockerode writes the engine's words behind its own.
  const detail = said ?? String(message ?? error).replace(/^\(HTTP code \d+\) .*? - /, "");
  if (/not a shared or slave mount/.test(detail)) {
    return new HostError(
      "MHLAB_HOST_LACKS",
      `the engine's host does not share ${HOST_NAMESPACES} with containers`,
      {
        hint: "on the engine's host: sudo mount --make-shared /run (or the file system that /run/netns is on)",
        evidence: detail.trim().split("\n"),
        cause: error,
      },
    );
  }
  const [, container, state] = /container (\S+) is (paused|not running)/i.exec(detail) ?? [];
  return new OperationError("MHLAB_ENGINE", `the Docker engine could not ${withNames(operation)}`, {
    ...(container === undefined
      ? {}
      : { hint: `${state === "paused" ? "unpause" : "start"} it with: mhlab start ${withNames(container)}` }),
    evidence: withNames(detail).trim().split("\n"),
    cause: error,
  });
}

/** Awaits an action; its failure with this HTTP status is no failure, and gives undefined. */
export async function ignoring<T>(statusCode: number, action: Promise<T>): Promise<T | undefined> {
  try {
    return await action;
  } catch (error) {
    if (statusCodeOf(error) !== statusCode) throw error;
    return undefined;
  }
}
