import type { Readable } from "node:stream";
import type { Reader } from "../../core/values/shape.ts";
import type { EngineConnection } from "./connection.ts";
import { engineError, guard, isUnreachable } from "./errors.ts";
import { noEngine } from "./no-engine.ts";
import { bounded } from "./patience.ts";
import { openTransport, type EngineRequest, type EngineResponse } from "./transport.ts";

/** What is done, for messages, and how its answer is read. */
export interface Question<T> {
  readonly operation: string;
  readonly shape: Reader<T>;
  readonly signal?: AbortSignal | undefined;
}

/** Asks an engine over its HTTP API. The first question decides between "no engine" and "engine lost". */
export class EngineClient {
  readonly connection: EngineConnection;
  readonly #transport: ReturnType<typeof openTransport>;
  #answered = false;

  constructor(connection: EngineConnection) {
    this.connection = connection;
    this.#transport = openTransport(connection);
  }

  /** The answer to one request; an error unless it is a good one or 404. */
  async ask(question: EngineRequest, operation: string): Promise<EngineResponse> {
    let response: EngineResponse;
    try {
      response = await this.#transport(question);
    } catch (error) {
      if (!this.#answered && isUnreachable(error)) throw noEngine(this.connection.endpoint, error);
      throw engineError(error, operation);
    }
    this.#answered = true;
    const { statusCode, body } = response;
    if (statusCode < 400 || statusCode === 404) return response;
    const json = parseOr(await this.#textOf(body, operation));
    throw engineError({ statusCode, json, message: `HTTP ${statusCode}` }, operation);
  }

  /** What is at a path, undefined for nothing. */
  async get<T>(path: string, question: Question<T>): Promise<T | undefined> {
    const { operation, shape, signal } = question;
    const { statusCode, body } = await this.ask({ method: "GET", path, signal }, operation);
    const text = await this.#textOf(body, operation);
    return statusCode === 404 ? undefined : readJson(text, shape, operation);
  }

  /** What comes of a request with a body, also of one that is refused by 404. */
  async post<T>(path: string, body: unknown, { operation, shape, signal }: Question<T>): Promise<T> {
    const answer = await this.ask({ method: "POST", path, body, signal }, operation);
    return readJson(await this.#textOf(answer.body, operation), shape, operation);
  }

  async #textOf(body: Readable, operation: string): Promise<string> {
    const pieces: Buffer[] = [];
    const count = bounded(this.connection.limits.answerBytes);
    const keep = (piece: Buffer): void => {
      count(piece);
      pieces.push(piece);
    };
    await drain(body, keep, operation);
    return Buffer.concat(pieces).toString("utf8");
  }
}

/** Takes an answer piece by piece, to its end. */
export async function drain(body: Readable, push: (chunk: Buffer) => void, operation: string): Promise<void> {
  await guard(operation, async () => {
    for await (const chunk of body) push(chunk as Buffer);
  });
}

function readJson<T>(body: string, shape: Reader<T>, operation: string): T {
  try {
    return shape(JSON.parse(body));
  } catch (cause) {
    const message = `its answer is none of a Docker engine: ${(cause as Error).message}`;
    throw engineError({ message }, operation);
  }
}

function parseOr(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return { message: body };
  }
}
