/** How long an engine is waited for, and how much it may say. A stopped engine takes connections and never answers. */
import type { ClientRequest, IncomingMessage } from "node:http";
import type { EngineEndpoint } from "./endpoint.ts";
import { ENGINE_SILENT } from "./errors.ts";

export interface Limits {
  /** After so long without an answer it is said who is waited for. */
  readonly noticeMs: number;
  /** What a question may take. */
  readonly readMs: number;
  /** What a change may take: to stop a container takes as long as it needs to end. */
  readonly changeMs: number;
  /** Until the first word after something large was sent. */
  readonly uploadMs: number;
  /** All of an answer that is no stream. */
  readonly answerBytes: number;
}

export const LIMITS: Limits = {
  noticeMs: 5000,
  readMs: 30_000,
  changeMs: 120_000,
  uploadMs: 600_000,
  answerBytes: 64 * 1024 * 1024,
};

const UPLOAD = /\/(build|images\/create|images\/load)(\?|$)/;
const STREAM = /\/(build|images\/create|images\/load|events|logs|attach|wait|exec\/[^/]+\/start)(\?|$)/;

/** Whether the answer to a request goes on for as long as there is something to tell. */
export function isStream(path: string): boolean {
  return STREAM.test(path);
}

/** Watches over requests to one engine. Of a stream only the first word is waited for; any other answer has to end in time. */
export class Patience {
  readonly #endpoint: EngineEndpoint;
  readonly #limits: Limits;
  #told = false;

  constructor(endpoint: EngineEndpoint, limits: Limits = LIMITS) {
    this.#endpoint = endpoint;
    this.#limits = limits;
  }

  watch(request: ClientRequest): void {
    const { method, path } = request;
    const limitMs = this.#limitOf(method, path);
    let answer: IncomingMessage | undefined;
    const fail = (message: string, code?: string): void => {
      const error = Object.assign(new Error(message), code === undefined ? {} : { code });
      // Whoever reads the answer hears of it by the answer, and who waits for all of it by the request.
      answer?.destroy(error);
      request.destroy(error);
      if (answer !== undefined) request.emit("error", error);
    };
    const notice = setTimeout(() => this.#tell(), this.#limits.noticeMs);
    const end = setTimeout(() => fail(`it has not answered for ${limitMs / 1000} s`, ENGINE_SILENT), limitMs);
    const done = (): void => {
      clearTimeout(notice);
      clearTimeout(end);
    };
    request.once("upgrade", done).once("close", done);
    request.once("response", (response) => {
      clearTimeout(notice);
      answer = response;
      if (isStream(path)) {
        done();
        return;
      }
      response.once("close", done);
      // Who takes it piece by piece counts by himself; to listen to the others as well would make it flow too soon.
      process.nextTick(() => {
        if (response.listenerCount("data") > 0) response.on("data", counter(this.#limits.answerBytes, fail));
      });
    });
  }

  #limitOf(method: string, path: string): number {
    const { readMs, changeMs, uploadMs } = this.#limits;
    if (UPLOAD.test(path)) return uploadMs;
    return method === "GET" || method === "HEAD" ? readMs : changeMs;
  }

  /** Once: many questions may wait at the same time. */
  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    const { text, tell } = this.#endpoint;
    tell?.(`the Docker engine at ${text} has not answered for ${this.#limits.noticeMs / 1000} s`);
  }
}

/** Takes pieces, and complains once they are too many bytes. */
function counter(most: number, complain: (message: string) => void): (piece: Uint8Array) => void {
  let bytes = 0;
  return (piece) => {
    bytes += piece.length;
    if (bytes > most) complain(`its answer is longer than ${most} bytes`);
  };
}

/** Throws instead. */
export function bounded(most: number): (piece: Uint8Array) => void {
  return counter(most, (message) => {
    throw new Error(message);
  });
}
