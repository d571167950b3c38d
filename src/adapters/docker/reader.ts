import type { Readable } from "node:stream";
import type { EngineReader, ExecResult, LineStream } from "../../app/ports/engine-reader.ts";
import { CONFIG_FOLDER, Label } from "../../core/names.ts";
import type { HeldImage } from "../../core/plan/old-images.ts";
import type { Reader } from "../../core/values/shape.ts";
import { containerList, containerState, endedExec, imageHistory, imageList, madeExec } from "./answers.ts";
import type { EngineEndpoint } from "./endpoint.ts";
import { engineError, isUnreachable } from "./errors.ts";
import { demultiplex, lineCutter } from "./frames.ts";
import { noEngine } from "./no-engine.ts";
import { bounded, LIMITS, type Limits } from "./patience.ts";
import { openTransport, type EngineRequest, type EngineResponse } from "./transport.ts";

/** Asks an engine over its HTTP API. The first question decides between "no engine" and "engine lost". */
export function openReader(endpoint: EngineEndpoint, limits: Limits = LIMITS): EngineReader {
  const transport = openTransport(endpoint, limits);
  let answered = false;

  async function ask(question: EngineRequest, operation: string): Promise<EngineResponse> {
    let response: EngineResponse;
    try {
      response = await transport(question);
    } catch (error) {
      if (!answered && isUnreachable(error)) throw noEngine(endpoint, error);
      throw engineError(error, operation);
    }
    answered = true;
    if (response.statusCode < 400 || response.statusCode === 404) return response;
    throw engineError(
      {
        statusCode: response.statusCode,
        json: parseOr(await textOf(response.body, operation)),
        message: `HTTP ${response.statusCode}`,
      },
      operation,
    );
  }

  async function textOf(body: Readable, operation: string): Promise<string> {
    const pieces: Buffer[] = [];
    const count = bounded(limits.answerBytes);
    const keep = (piece: Buffer): void => {
      count(piece);
      pieces.push(piece);
    };
    await drain(body, keep, operation);
    return Buffer.concat(pieces).toString("utf8");
  }

  async function askJson<T>(
    path: string,
    { operation, shape, signal }: { operation: string; shape: Reader<T>; signal?: AbortSignal | undefined },
  ): Promise<T | undefined> {
    const response = await ask({ method: "GET", path, signal }, operation);
    const body = await textOf(response.body, operation);
    return response.statusCode === 404 ? undefined : readJson(body, shape, operation);
  }

  async function startExec(
    container: string,
    argv: readonly string[],
    { signal, attached = false }: { signal?: AbortSignal | undefined; attached?: boolean },
  ): Promise<{ id: string; body: Readable }> {
    const what = `run ${argv.join(" ")} in ${container}`;
    const created = await ask(
      {
        method: "POST",
        path: `/containers/${encodeURIComponent(container)}/exec`,
        body: { AttachStdin: attached, AttachStdout: true, AttachStderr: true, Cmd: argv },
        signal,
      },
      what,
    );
    const { Id: id, message } = readJson(await textOf(created.body, what), madeExec, what);
    if (id === undefined) throw engineError({ message }, what);
    const { body } = await ask(
      {
        method: "POST",
        path: `/exec/${encodeURIComponent(id)}/start`,
        body: { Detach: false, Tty: false },
        signal,
        hijack: attached,
      },
      what,
    );
    return { id, body };
  }

  /** Hands over a folder of a container as an archive; undefined when there is no such folder. */
  async function archive(
    container: string,
    folder: string,
    signal?: AbortSignal,
  ): Promise<Readable | undefined> {
    const path = `/containers/${encodeURIComponent(container)}/archive?path=${encodeURIComponent(folder)}`;
    const { statusCode, body } = await ask({ method: "GET", path, signal }, `read ${container}'s ${folder}`);
    if (statusCode !== 404) return body;
    body.resume();
    return undefined;
  }

  return {
    where: endpoint.text,
    async listContainers(signal) {
      const question = { operation: "list containers", shape: containerList, signal };
      return (await askJson("/containers/json?all=1", question)) ?? [];
    },
    async listImages(signal) {
      const filter = encodeURIComponent(JSON.stringify({ label: [Label.contextHash] }));
      const question = { operation: "list images", shape: imageList, signal };
      const images = await askJson(`/images/json?filters=${filter}`, question);
      return (images ?? [])
        .sort((one, other) => other.Created - one.Created)
        .flatMap(({ RepoTags }) => RepoTags ?? []);
    },
    async heldImages(signal) {
      const found = await Promise.all(
        [Label.contextHash, Label.base].map(async (label) => {
          const filter = encodeURIComponent(JSON.stringify({ label: [label] }));
          const question = { operation: "list images", shape: imageList, signal };
          return (await askJson(`/images/json?filters=${filter}`, question)) ?? [];
        }),
      );
      // Labels are inherited, so one may be in both.
      const images = [...new Map(found.flat().map((image) => [image.Id, image])).values()];
      return await Promise.all(
        images.map(async ({ Id: id, RepoTags }): Promise<HeldImage> => {
          const question = { operation: "read how an image was made", shape: imageHistory, signal };
          const steps = (await askJson(`/images/${encodeURIComponent(id)}/history`, question)) ?? [];
          return {
            id,
            // Older engines call an image without a name so.
            references: (RepoTags ?? []).filter((name) => name !== "<none>:<none>"),
            steps: steps.toReversed().map((step) => ({
              key: `${step.Created} ${step.CreatedBy} ${step.Size}`,
              bytes: step.Size,
            })),
          };
        }),
      );
    },
    async containerState(container, signal) {
      const path = `/containers/${encodeURIComponent(container)}/json`;
      return await askJson(path, { operation: `look at ${container}`, shape: containerState, signal });
    },
    async exec(container, argv, signal) {
      const { id, body } = await startExec(container, argv, { signal });
      const output: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
      const count = bounded(limits.answerBytes);
      const keep = demultiplex((stream, piece) => {
        count(piece);
        output[stream].push(piece);
      });
      await drain(body, keep, `run ${argv.join(" ")}`);
      const question = { operation: "read an exit code", shape: endedExec, signal };
      const ended = await askJson(`/exec/${encodeURIComponent(id)}/json`, question);
      return {
        exitCode: ended?.ExitCode ?? -1,
        stdout: Buffer.concat(output.stdout).toString("utf8"),
        stderr: Buffer.concat(output.stderr).toString("utf8"),
      } satisfies ExecResult;
    },
    async execLines(container, argv, stream) {
      const { body } = await startExec(container, argv, { signal: stream.signal, attached: true });
      await drainLines(body, stream, `run ${argv.join(" ")} in ${container}`);
    },
    async readInternet(container, signal) {
      const body = await archive(container, CONFIG_FOLDER, signal);
      if (body === undefined) return undefined;
      const { readInternetFiles } = await import("./internet-files.ts");
      return await guard(`read ${container}'s files`, () => readInternetFiles(body));
    },
    async readHeldFiles(container, signal) {
      const body = await archive(container, CONFIG_FOLDER, signal);
      if (body === undefined) return undefined;
      const { readHeldFiles } = await import("./held-files.ts");
      return await guard(`read ${container}'s files`, () => readHeldFiles(body));
    },
    async lastLogLines(container, count) {
      const lines: string[] = [];
      const stream: LineStream = { signal: AbortSignal.timeout(5000), onLine: (line) => lines.push(line) };
      await this.followLogs(container, { tail: count, follow: false }, stream);
      return lines.slice(-count);
    },
    async followLogs(container, { tail, follow, since, timestamps = false }, stream) {
      const query = new URLSearchParams({
        stdout: "1",
        stderr: "1",
        tail: tail < 0 ? "all" : String(tail),
        follow: follow ? "1" : "0",
        timestamps: timestamps ? "1" : "0",
        ...(since === undefined ? {} : { since }),
      }).toString();
      const path = `/containers/${encodeURIComponent(container)}/logs?${query}`;
      const what = `read the log of ${container}`;
      const { statusCode, body } = await ask({ method: "GET", path, signal: stream.signal }, what);
      if (statusCode === 404) body.resume();
      else await drainLines(body, stream, what);
    },
  };
}

async function drainLines(body: Readable, stream: LineStream, operation: string): Promise<void> {
  const out = lineCutter((line) => stream.onLine(line));
  const err = lineCutter((line) => {
    if (stream.onErrorLine === undefined) stream.onLine(line);
    else stream.onErrorLine(line);
  });
  await drain(
    body,
    demultiplex((name, piece) => (name === "stdout" ? out : err).push(piece)),
    operation,
  );
  out.flush();
  err.flush();
}

async function drain(body: Readable, push: (chunk: Buffer) => void, operation: string): Promise<void> {
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

async function guard<T>(operation: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw engineError(error, operation);
  }
}

function parseOr(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return { message: body };
  }
}
