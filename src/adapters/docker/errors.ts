import { Cancelled, HostError, MhlabError, OperationError } from "../../core/errors.ts";

interface EngineFailure {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly message?: unknown;
  readonly json?: unknown;
  readonly name?: unknown;
}

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
  return [...UNREACHABLE, ...LOST].includes(String(code)) || message === "socket hang up";
}

/** An engine's failure as an error that a user understands; MhlabErrors pass through. */
export function engineError(error: unknown, operation: string): MhlabError {
  if (error instanceof MhlabError) return error;
  const { message, json, name } = (error ?? {}) as EngineFailure;
  if (name === "AbortError") return new Cancelled({ cause: error });
  if (isUnreachable(error)) {
    return new OperationError(
      "MHLAB_ENGINE_LOST",
      `the Docker engine went away while mhlab wanted to ${operation}`,
      {
        hint: "start the engine again, then repeat the command: it completes what is missing",
        evidence: [String(message)],
        cause: error,
      },
    );
  }
  const detail = (json as { message?: string } | undefined)?.message ?? String(message ?? error);
  return new OperationError("MHLAB_ENGINE", `the Docker engine could not ${operation}`, {
    evidence: detail.trim().split("\n"),
    cause: error,
  });
}

/** What to say when no engine answers at the very first question. */
export function noEngine(where: string, error: unknown): HostError {
  const { code, message } = (error ?? {}) as EngineFailure;
  const refused = code === "EACCES" || code === "EPERM";
  return new HostError(
    "MHLAB_NO_ENGINE",
    refused ? `no permission to use the Docker engine at ${where}` : `no Docker engine answers at ${where}`,
    {
      hint: refused
        ? "join its group (sudo usermod -aG docker $USER, then log in again), or use mhlab's own throw-away engine: mhlab --sandbox up lab.yaml"
        : "get one with: sudo apt-get install docker.io\nor use mhlab's own throw-away engine, which needs no setup: mhlab --sandbox up lab.yaml\nor name another one with --host or DOCKER_HOST",
      evidence: [String(message ?? error)],
      state: "Nothing was changed.",
      cause: error,
    },
  );
}
