import type { Readable } from "node:stream";
import type { EngineReader, LineStream } from "../../app/ports/engine-reader.ts";
import { CONFIG_FOLDER, Label } from "../../core/names.ts";
import type { HeldImage } from "../../core/plan/old-images.ts";
import {
  containerList,
  containerState,
  engineFolders,
  imageFound,
  imageHistory,
  imageList,
} from "./answers.ts";
import { drain, type EngineClient } from "./client.ts";
import { engineError, guard } from "./errors.ts";
import { exitCodeOf, startExec } from "./exec.ts";
import { demultiplex, lineCutter } from "./frames.ts";
import { bounded } from "./patience.ts";

/** What an engine runs, and what is said in its containers. */
export function openReader(client: EngineClient): EngineReader {
  /** Hands over a folder of a container as an archive; undefined when there is no such folder. */
  async function archive(
    container: string,
    folder: string,
    signal?: AbortSignal,
  ): Promise<Readable | undefined> {
    const path = `/containers/${encodeURIComponent(container)}/archive?path=${encodeURIComponent(folder)}`;
    const { statusCode, body } = await client.ask(
      { method: "GET", path, signal },
      `read ${container}'s ${folder}`,
    );
    if (statusCode !== 404) return body;
    body.resume();
    return undefined;
  }

  return {
    where: client.connection.endpoint.text,
    async listContainers(signal) {
      const question = { operation: "list containers", shape: containerList, signal };
      return (await client.get("/containers/json?all=1", question)) ?? [];
    },
    async listImages(signal) {
      const filter = encodeURIComponent(JSON.stringify({ label: [Label.contextHash] }));
      const question = { operation: "list images", shape: imageList, signal };
      const images = await client.get(`/images/json?filters=${filter}`, question);
      return (images ?? [])
        .sort((one, other) => other.Created - one.Created)
        .flatMap(({ RepoTags }) => RepoTags ?? []);
    },
    async hasImage(reference, signal) {
      const path = `/images/${encodeURIComponent(reference)}/json`;
      return (
        (await client.get(path, { operation: "look for an image", shape: imageFound, signal })) !== undefined
      );
    },
    async saveImages(references, signal) {
      const names = references.map((one) => `names=${encodeURIComponent(one)}`).join("&");
      const { statusCode, body } = await client.ask(
        { method: "GET", path: `/images/get?${names}`, signal },
        "save images",
      );
      if (statusCode !== 404) return body;
      body.resume();
      throw engineError({ message: `it lacks one of ${references.join(", ")}` }, "save images");
    },
    async dataFolder(signal) {
      const question = { operation: "ask where it keeps its data", shape: engineFolders, signal };
      const folder = (await client.get("/info", question))?.DockerRootDir;
      // It becomes part of a mount, where a colon ends a path.
      return folder !== undefined && /^\/[^:]*$/.test(folder) ? folder : undefined;
    },
    async heldImages(signal) {
      const found = await Promise.all(
        [Label.contextHash, Label.base].map(async (label) => {
          const filter = encodeURIComponent(JSON.stringify({ label: [label] }));
          const question = { operation: "list images", shape: imageList, signal };
          return (await client.get(`/images/json?filters=${filter}`, question)) ?? [];
        }),
      );
      // Labels are inherited, so one may be in both.
      const images = [...new Map(found.flat().map((image) => [image.Id, image])).values()];
      return await Promise.all(
        images.map(async ({ Id: id, RepoTags }): Promise<HeldImage> => {
          const question = { operation: "read how an image was made", shape: imageHistory, signal };
          const steps = (await client.get(`/images/${encodeURIComponent(id)}/history`, question)) ?? [];
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
      return await client.get(path, { operation: `look at ${container}`, shape: containerState, signal });
    },
    async exec(container, argv, signal) {
      const { id, output } = await startExec(client, { container, argv, signal });
      const kept: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
      const count = bounded(client.connection.limits.answerBytes);
      const keep = demultiplex((stream, piece) => {
        count(piece);
        kept[stream].push(piece);
      });
      await drain(output, keep, `run ${argv.join(" ")}`);
      return {
        exitCode: await exitCodeOf(client, id, signal),
        stdout: Buffer.concat(kept.stdout).toString("utf8"),
        stderr: Buffer.concat(kept.stderr).toString("utf8"),
      };
    },
    async execLines(container, argv, stream) {
      const { output } = await startExec(client, { container, argv, signal: stream.signal, attached: true });
      await drainLines(output, stream, `run ${argv.join(" ")} in ${container}`);
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
      const { statusCode, body } = await client.ask({ method: "GET", path, signal: stream.signal }, what);
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
