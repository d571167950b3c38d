import { reasonOf } from "../errors.ts";
/** What an agent answers when it cannot do what it was asked; the words are for people, the code is for programs. */
export interface AgentFailure {
  readonly error: string;
  /** Permanent: a kebab-case word, or a code `MHLAB_…`. */
  readonly code: string;
  /** What the question is to end with: 2 when the request is wrong, 1 when it failed. */
  readonly exitCode: number;
}

/** A request that an agent does not take: it is not known, not well formed, or not allowed by the way it came. */
export class RequestError extends Error {
  readonly code: "unknown-request" | "bad-request";

  constructor(code: RequestError["code"], message: string) {
    super(message);
    this.name = "RequestError";
    this.code = code;
  }
}

/** The answer for whatever was thrown while a request was read or done. */
export function failureOf(error: unknown): AgentFailure {
  const text = reasonOf(error);
  return error instanceof RequestError
    ? { error: text, code: error.code, exitCode: 2 }
    : { error: text, code: "failed", exitCode: 1 };
}

/** Undefined for what is no failure. An agent of an earlier version gives no code. */
export function readFailure(value: object): AgentFailure | undefined {
  const { error, code, exitCode } = value as Partial<Record<keyof AgentFailure, unknown>>;
  if (typeof error !== "string") return undefined;
  return {
    error,
    code: typeof code === "string" ? code : "failed",
    exitCode: typeof exitCode === "number" ? exitCode : 1,
  };
}
