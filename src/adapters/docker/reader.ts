import type { Readable } from "node:stream";
import type Dockerode from "dockerode";
import type { EngineReader, LineStream } from "../../app/ports/engine-reader.ts";
import { CONFIG_FOLDER, Label } from "../../core/model/names.ts";
import type { HeldImage } from "../../core/render/plan/old-images.ts";
import { containerList, containerState, engineInfo, imageFound, imageHistory, imageList } from "./answers.ts";
import type { EngineConnection } from "./connection.ts";
import { ignoring } from "./errors.ts";
import { exitCodeOf, startExec } from "./exec.ts";
import { demultiplex, lineCutter } from "./frames.ts";
import { bounded } from "./patience.ts";

/** Its types do not know these. */
interface WithOptions extends Dockerode {
  ping(options?: object): Promise<unknown>;
  getImages(options: object): Promise<Readable>;
}

/** What an engine runs, and what is said in its containers. */
export function openReader(connection: EngineConnection): EngineReader {
  /** Reads a folder of a container with what takes its archive apart; undefined when there is no such folder. */
  async function readFolder<T>(
    container: string,
    read: (archive: Readable) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    return await connection.ask(`read ${container}'s ${CONFIG_FOLDER}`, async (docker) => {
      const folder = docker.getContainer(encodeURIComponent(container));
      const asked = folder.getArchive({ path: CONFIG_FOLDER, ...aborted(signal) });
      const archive = await ignoring(404, asked);
      return archive === undefined ? undefined : await read(archive as Readable);
    });
  }

  async function imagesWith(label: string, signal?: AbortSignal) {
    const query = { filters: { label: [label] }, ...aborted(signal) };
    return (await connection.read("list images", imageList, (docker) => docker.listImages(query))) ?? [];
  }

  return {
    where: connection.endpoint.text,
    async ping(signal) {
      await connection.ask("see whether it answers", (docker) =>
        (docker as WithOptions).ping(aborted(signal)),
      );
    },
    async listContainers(signal) {
      const query = { all: true, ...aborted(signal) };
      const found = await connection.read("list containers", containerList, (docker) =>
        docker.listContainers(query),
      );
      return found ?? [];
    },
    async listImages(signal) {
      return (await imagesWith(Label.contextHash, signal))
        .sort((one, other) => other.Created - one.Created)
        .flatMap(({ RepoTags }) => RepoTags ?? []);
    },
    async hasImage(reference) {
      const found = await connection.read("look for an image", imageFound, (docker) =>
        docker.getImage(encodeURIComponent(reference)).inspect(),
      );
      return found !== undefined;
    },
    async saveImages(references, signal) {
      return await connection.ask("save images", (docker) =>
        (docker as WithOptions).getImages({ names: references, ...aborted(signal) }),
      );
    },
    async engineId() {
      const info = await connection.read("ask which engine it is", engineInfo, (docker) => docker.info());
      return info?.ID;
    },
    async dataFolder() {
      const operation = "ask where it keeps its data";
      const info = await connection.read(operation, engineInfo, (docker) => docker.info());
      const folder = info?.DockerRootDir;
      // It becomes part of a mount, where a colon ends a path.
      return folder !== undefined && /^\/[^:]*$/.test(folder) ? folder : undefined;
    },
    async heldImages(signal) {
      const found = await Promise.all(
        [Label.contextHash, Label.base].map((label) => imagesWith(label, signal)),
      );
      // Labels are inherited, so one may be in both.
      const images = [...new Map(found.flat().map((image) => [image.Id, image])).values()];
      return await Promise.all(
        images.map(async ({ Id: id, RepoTags }): Promise<HeldImage> => {
          const steps = await connection.read("read how an image was made", imageHistory, (docker) =>
            docker.getImage(encodeURIComponent(id)).history(),
          );
          return {
            id,
            // Older engines call an image without a name so.
            references: (RepoTags ?? []).filter((name) => name !== "<none>:<none>"),
            steps: (steps ?? []).toReversed().map((step) => ({
              key: `${step.Created} ${step.CreatedBy} ${step.Size}`,
              bytes: step.Size,
            })),
          };
        }),
      );
    },
    async containerState(container, signal) {
      return await connection.read(`look at ${container}`, containerState, (docker) =>
        docker.getContainer(encodeURIComponent(container)).inspect(aborted(signal)),
      );
    },
    async exec(container, argv, signal) {
      const { id, output } = await startExec(connection, { container, argv, signal });
      const kept: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
      const count = bounded(connection.limits.answerBytes);
      const keep = demultiplex((stream, piece) => {
        count(piece);
        kept[stream].push(piece);
      });
      await connection.ask(`run ${argv.join(" ")}`, () => drain(output, keep));
      return {
        exitCode: await exitCodeOf(connection, id, signal),
        stdout: Buffer.concat(kept.stdout).toString("utf8"),
        stderr: Buffer.concat(kept.stderr).toString("utf8"),
      };
    },
    async execLines(container, argv, stream) {
      const { signal } = stream;
      const { output } = await startExec(connection, { container, argv, signal, attached: true });
      await connection.ask(`run ${argv.join(" ")} in ${container}`, () => drainLines(output, stream));
    },
    async readInternet(container, signal) {
      const { readInternetFiles } = await import("./container-files.ts");
      return await readFolder(container, readInternetFiles, signal);
    },
    async readHeldFiles(container, signal) {
      const { readHeldFiles } = await import("./container-files.ts");
      return await readFolder(container, readHeldFiles, signal);
    },
    async lastLogLines(container, count) {
      const lines: string[] = [];
      const stream: LineStream = { signal: AbortSignal.timeout(5000), onLine: (line) => lines.push(line) };
      await this.followLogs(container, { tail: count, follow: false }, stream);
      return lines.slice(-count);
    },
    async followLogs(container, { tail, follow, since, timestamps = false }, stream) {
      const query = {
        stdout: true,
        stderr: true,
        tail: tail < 0 ? "all" : tail,
        follow,
        timestamps,
        ...(since === undefined ? {} : { since }),
      };
      await connection.ask(`read the log of ${container}`, async (docker) => {
        // `follow` makes dockerode hand over a stream in any case; the engine is asked what the query says.
        const options = { follow: true as const, _query: query, abortSignal: stream.signal };
        const log = await ignoring(404, docker.getContainer(encodeURIComponent(container)).logs(options));
        if (log !== undefined) await drainLines(log as Readable, stream);
      });
    },
  };
}

/** dockerode's option for a signal. */
function aborted(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

/** Takes an answer piece by piece, to its end. */
async function drain(body: Readable, push: (chunk: Buffer) => void): Promise<void> {
  for await (const chunk of body) push(chunk as Buffer);
}

async function drainLines(body: Readable, stream: LineStream): Promise<void> {
  const out = lineCutter((line) => stream.onLine(line));
  const err = lineCutter((line) => {
    if (stream.onErrorLine === undefined) stream.onLine(line);
    else stream.onErrorLine(line);
  });
  await drain(
    body,
    demultiplex((name, piece) => (name === "stdout" ? out : err).push(piece)),
  );
  out.flush();
  err.flush();
}
