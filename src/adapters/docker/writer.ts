import { Readable } from "node:stream";
import type Dockerode from "dockerode";
import pLimit from "p-limit";
import { pack } from "tar-stream";
import type { EngineWriter, ReadKey } from "../../app/ports/engine-writer.ts";
import { StateError } from "../../core/model/errors.ts";
import { CONFIG_FOLDER, Label } from "../../core/model/names.ts";
import { containerBody } from "../../core/render/plan/body.ts";
import type { ContainerSpec } from "../../core/render/nodes/spec.ts";
import type { EngineConnection } from "./connection.ts";
import { readFailure } from "./base-image.ts";
import { creation, fitEngine } from "./creation.ts";
import { ignoring, statusCodeOf } from "./errors.ts";
import { runOnce } from "./run-once.ts";
import { Builder } from "./stages.ts";

const FOLDER_MODE = 0o755;
const KEY_FOLDER_MODE = 0o700;
/** How long a removal that somebody else began is waited for. */
const REMOVAL_MS = 15_000;
const VOLUMES_AT_ONCE = 16;

/** Changes what an engine runs, by dockerode. */
export async function openWriter(connection: EngineConnection): Promise<EngineWriter> {
  const docker = await connection.docker();
  const builder = new Builder(docker);
  return {
    async build(image, progress) {
      await connection.ask(`build ${image.reference}`, () => builder.build(image, progress));
    },
    async runOnce(shot, signal) {
      return await connection.ask(`run ${shot.argv[0] ?? ""} on its host`, () =>
        runOnce(docker, shot, signal),
      );
    },
    async create(spec, readKey, signal) {
      return await connection.ask(`create ${spec.containerName}`, async () => {
        signal.throwIfAborted();
        const id = await createContainer(docker, spec);
        if (spec.files.length > 0) await putFiles(docker, spec.containerName, spec.files, readKey);
        return id;
      });
    },
    async start(container) {
      await connection.ask(`start ${container}`, () => startOrUnpause(docker.getContainer(container)));
    },
    async stop(container) {
      await connection.ask(`stop ${container}`, () => ignoring(304, docker.getContainer(container).stop()));
    },
    async kill(container) {
      // 409: it does not run.
      await connection.ask(`kill ${container}`, () => ignoring(409, docker.getContainer(container).kill()));
    },
    async putFiles(container, files, readKey) {
      await connection.ask(`put files into ${container}`, () => putFiles(docker, container, files, readKey));
    },
    async remove(container, { keepVolumes } = { keepVolumes: false }) {
      await connection.ask(`remove ${container}`, async () => {
        const found = docker.getContainer(container);
        const volumes = keepVolumes ? [] : await volumesOf(found);
        // By SIGTERM first: the agent gives claimed interfaces back.
        await ignoring(304, ignoring(404, found.stop()));
        await removeOrWait(found);
        for (const volume of volumes) await removeUnused(docker, volume);
      });
    },
    async removeVolumes(lab) {
      await connection.ask(`remove the volumes of ${lab}`, async () => {
        const filters = JSON.stringify({ label: [`${Label.lab}=${lab}`] });
        // The engine says null for none.
        const { Volumes } = await docker.listVolumes({ filters });
        const turns = pLimit(VOLUMES_AT_ONCE);
        await Promise.all(
          (Volumes ?? []).map(({ Name }) => turns(() => removeVolume(docker.getVolume(Name)))),
        );
      });
    },
    async loadImages(archive, signal) {
      await connection.ask("load images", async () => {
        const source = Readable.from(archive);
        try {
          const failure = await readFailure(
            await docker.loadImage(source, { abortSignal: signal }),
            () => undefined,
          );
          if (failure !== undefined) throw new Error(failure);
        } finally {
          source.destroy();
        }
      });
    },
    async removeImage(image) {
      return await connection.ask(`remove the image ${image}`, async () => {
        try {
          // Layers without a name that only it needed go along.
          await ignoring(404, docker.getImage(image).remove());
        } catch (error) {
          if (statusCodeOf(error) === 409) return false;
          throw error;
        }
        return true;
      });
    },
  };
}

/** The engine refuses to start a paused container: 409. */
async function startOrUnpause(container: Dockerode.Container): Promise<void> {
  try {
    await ignoring(304, container.start());
  } catch (error) {
    if (statusCodeOf(error) !== 409 || !(await container.inspect()).State.Paused) throw error;
    await container.unpause();
  }
}

/** A removal that is under way already (409) holds the container's name until it is over. */
async function removeOrWait(container: Dockerode.Container): Promise<void> {
  try {
    await ignoring(404, container.remove({ force: true, v: true }));
  } catch (error) {
    if (statusCodeOf(error) !== 409) throw error;
    await ignoring(
      404,
      container.wait({ condition: "removed", abortSignal: AbortSignal.timeout(REMOVAL_MS) }),
    );
  }
}

/** Named volumes of a container; none when it is gone already. */
async function volumesOf(container: Dockerode.Container): Promise<string[]> {
  try {
    const { Mounts } = await container.inspect();
    return Mounts.flatMap(({ Type, Name }) => (Type === "volume" && Name !== undefined ? [Name] : []));
  } catch (error) {
    if (statusCodeOf(error) === 404) return [];
    throw error;
  }
}

/** The last node of a lab takes the lab's volume along; a volume that mhlab did not mark stays. */
async function removeUnused(docker: Dockerode, name: string): Promise<void> {
  const volume = docker.getVolume(name);
  await ignoring(
    404,
    volume.inspect().then(async ({ Labels }) => {
      if (Labels?.[Label.lab] !== undefined) await removeVolume(volume);
    }),
  );
}

/** Leaves a volume that other containers use (409); one may be gone already (404). */
async function removeVolume(volume: Dockerode.Volume): Promise<void> {
  await ignoring(409, ignoring(404, volume.remove()));
}

async function createContainer(docker: Dockerode, spec: ContainerSpec): Promise<string> {
  try {
    const body = await fitEngine(docker, containerBody(spec));
    return (await docker.createContainer(creation(body, spec.containerName))).id;
  } catch (error) {
    if (statusCodeOf(error) !== 409) throw error;
    throw new StateError("MHLAB_NAME_TAKEN", `a container named ${spec.containerName} appeared meanwhile`, {
      hint: "run the command again",
      cause: error,
    });
  }
}

async function putFiles(
  docker: Dockerode,
  container: string,
  files: ContainerSpec["files"],
  readKey: ReadKey,
): Promise<void> {
  const archive = pack();
  const folders = new Set<string>();
  for (const { path, mode, content } of files) {
    const secret = "key" in content;
    // The engine puts nothing into a read-only root, only into a volume.
    const name = path.slice(`${CONFIG_FOLDER}/`.length);
    const parents = name.split("/").slice(0, -1);
    parents.forEach((_, index) => {
      const folder = parents.slice(0, index + 1).join("/");
      if (folders.has(folder)) return;
      folders.add(folder);
      const own = secret && index === parents.length - 1;
      archive.entry({ name: folder, type: "directory", mode: own ? KEY_FOLDER_MODE : FOLDER_MODE });
    });
    const text = "key" in content ? `${await readKey(content.key)}\n` : content.text;
    archive.entry({ name, mode }, text);
  }
  archive.finalize();
  await docker
    .getContainer(container)
    .putArchive(archive as unknown as NodeJS.ReadableStream, { path: CONFIG_FOLDER });
}
