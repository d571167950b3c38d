import type { Readable } from "node:stream";
import type { ContainerState, EngineReader, ExecResult, LineStream } from "../../app/ports/engine-reader.ts";
import { Label } from "../../core/names.ts";
import type { FoundContainer } from "../../core/plan/observed.ts";
import type { HeldImage } from "../../core/plan/old-images.ts";
import type { EngineEndpoint } from "./endpoint.ts";
import { engineError, isUnreachable } from "./errors.ts";
import { demultiplex, lineCutter } from "./frames.ts";
import { rememberName } from "./names.ts";
import { noEngine } from "./no-engine.ts";
import { openTransport, type EngineRequest, type EngineResponse } from "./transport.ts";

/** Asks an engine over its HTTP API. The first question decides between "no engine" and "engine lost". */
export function openReader(endpoint: EngineEndpoint): EngineReader {
  const transport = openTransport(endpoint);
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
        json: parseOr(await text(response.body)),
        message: `HTTP ${response.statusCode}`,
      },
      operation,
    );
  }

  async function askJson<T>(path: string, operation: string, signal?: AbortSignal): Promise<T | undefined> {
    const response = await ask({ method: "GET", path, signal }, operation);
    const body = await text(response.body);
    return response.statusCode === 404 ? undefined : (JSON.parse(body) as T);
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
    const { Id: id, message } = JSON.parse(await text(created.body)) as { Id?: string; message?: string };
    if (id === undefined) throw engineError({ message }, what);
    const { body } = await ask(
      {
        method: "POST",
        path: `/exec/${id}/start`,
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
      const found = await askJson<ListedContainer[]>("/containers/json?all=1", "list containers", signal);
      return (found ?? []).map(toFound);
    },
    async listImages(signal) {
      const filter = encodeURIComponent(JSON.stringify({ label: [Label.contextHash] }));
      const images = await askJson<ListedImage[]>(`/images/json?filters=${filter}`, "list images", signal);
      return (images ?? [])
        .sort((one, other) => other.Created - one.Created)
        .flatMap(({ RepoTags }) => RepoTags ?? []);
    },
    async heldImages(signal) {
      const found = await Promise.all(
        [Label.contextHash, Label.base].map(async (label) => {
          const filter = encodeURIComponent(JSON.stringify({ label: [label] }));
          const path = `/images/json?filters=${filter}`;
          return (await askJson<ListedImage[]>(path, "list images", signal)) ?? [];
        }),
      );
      // Labels are inherited, so one may be in both.
      const images = [...new Map(found.flat().map((image) => [image.Id, image])).values()];
      return await Promise.all(
        images.map(async ({ Id: id, RepoTags }): Promise<HeldImage> => {
          const path = `/images/${id}/history`;
          const steps = (await askJson<ImageStep[]>(path, "read how an image was made", signal)) ?? [];
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
      const found = await askJson<InspectedContainer>(path, `look at ${container}`, signal);
      return found === undefined ? undefined : toState(found);
    },
    async exec(container, argv, signal) {
      const { id, body } = await startExec(container, argv, { signal });
      const output: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
      await drain(
        body,
        demultiplex((stream, piece) => output[stream].push(piece)),
        `run ${argv.join(" ")}`,
      );
      const ended = await askJson<{ ExitCode: number | null }>(
        `/exec/${id}/json`,
        "read an exit code",
        signal,
      );
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
      const body = await archive(container, "/etc/mhlab", signal);
      if (body === undefined) return undefined;
      const { readInternetFiles } = await import("./internet-files.ts");
      return await readInternetFiles(body);
    },
    async readHeldFiles(container, signal) {
      const body = await archive(container, "/etc/mhlab", signal);
      if (body === undefined) return undefined;
      const { readHeldFiles } = await import("./held-files.ts");
      return await readHeldFiles(body);
    },
    async lastLogLines(container, count) {
      const lines: string[] = [];
      const stream: LineStream = { signal: AbortSignal.timeout(5000), onLine: (line) => lines.push(line) };
      await this.followLogs(container, { tail: count, follow: false }, stream);
      return lines.slice(-count);
    },
    async followLogs(container, { tail, follow }, stream) {
      const query = `stdout=1&stderr=1&tail=${tail < 0 ? "all" : tail}&follow=${follow ? 1 : 0}`;
      const path = `/containers/${encodeURIComponent(container)}/logs?${query}`;
      const what = `read the log of ${container}`;
      const { body } = await ask({ method: "GET", path, signal: stream.signal }, what);
      await drainLines(body, stream, what);
    },
  };
}

interface ListedContainer {
  Id: string;
  Names: string[];
  Image: string;
  ImageID: string;
  State: string;
  Labels: Record<string, string> | null;
  Created: number;
}

interface ListedImage {
  Id: string;
  Created: number;
  RepoTags: string[] | null;
}

interface ImageStep {
  Created: number;
  CreatedBy: string;
  Size: number;
}

interface InspectedContainer {
  RestartCount: number;
  State: { Status: string; ExitCode: number };
}

function toFound({ Id, Names, Image, ImageID, State, Labels, Created }: ListedContainer): FoundContainer {
  const containerName = (Names[0] ?? Id).replace(/^\//, "");
  rememberName(Id, containerName);
  return {
    id: Id,
    containerName,
    image: Image,
    imageId: ImageID,
    state: State,
    labels: Labels ?? {},
    createdS: Created,
  };
}

function toState({ RestartCount, State }: InspectedContainer): ContainerState {
  return { status: State.Status, exitCode: State.ExitCode, restartCount: RestartCount };
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
  try {
    for await (const chunk of body) push(chunk as Buffer);
  } catch (error) {
    throw engineError(error, operation);
  }
}

async function text(body: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

function parseOr(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return { message: body };
  }
}
