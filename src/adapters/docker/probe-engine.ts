import { reasonOf } from "../../core/model/errors.ts";
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import type Dockerode from "dockerode";
import type { EngineReader } from "../../app/ports/engine-reader.ts";
import type { HostProbe } from "../../app/ports/host-probe.ts";
import type { EngineFacts, ImageFacts } from "../../features/doctor/engine-findings.ts";
import {
  daysBetween,
  packagesTime,
  type ImageStep,
  type PackagesAge,
} from "../../features/doctor/image-age.ts";
import { parseSshConnection } from "../../core/model/host/network.ts";
import { parseHostLink } from "../../core/model/links/host-link.ts";
import { IMAGE_ROLES } from "../../core/model/role.ts";
import { BASE_IMAGE } from "../../core/model/names.ts";
import { freedBytes, sortImages } from "../../core/render/plan/old-images.ts";
import { PlanLabel } from "../../core/render/nodes/spec.ts";
import type { EngineConnection } from "./connection.ts";
import { engineError, statusCodeOf } from "./errors.ts";
import { runOnce } from "./run-once.ts";

const REGISTRY_MS = 8000;

interface Info {
  readonly ServerVersion: string;
  readonly OperatingSystem: string;
  readonly KernelVersion: string;
  readonly Architecture: string;
  readonly SecurityOptions?: readonly string[];
  readonly SystemTime: string;
}

/** Looks at an engine and its host. `env` says who asks: PATH, and the SSH session. */
export function openProbe(
  connection: EngineConnection,
  reader: EngineReader,
  env: NodeJS.ProcessEnv,
): HostProbe {
  const { endpoint } = connection;
  return {
    sshAddress: parseSshConnection(env["SSH_CONNECTION"]),
    async engine() {
      return await connection.ask("tell about itself", (docker) => readEngine(docker, endpoint.text));
    },
    images: async (signal) => await readImages({ docker: await connection.docker(), reader, env, signal }),
    async oldImages(current, signal) {
      const [images, containers] = await Promise.all([
        reader.heldImages(signal),
        reader.listContainers(signal),
      ]);
      const { old } = sortImages(images, { current, containers });
      return { count: old.length, bytes: freedBytes(images, old) };
    },
    async held(signal) {
      const running = (await reader.listContainers(signal)).filter(({ state }) => state === "running");
      const words = running.map(({ labels }) => parseHostLink(labels[PlanLabel.hostLink] ?? ""));
      return new Map(words.flatMap((word) => (word === undefined ? [] : [[word.interface, word.provider]])));
    },
    async runOnce(shot, signal) {
      const operation = "run a container that looks at its host";
      return await connection.ask(operation, (docker) => runOnce(docker, shot, signal));
    },
  };
}

async function readEngine(docker: Dockerode, where: string): Promise<EngineFacts> {
  const before = Date.now();
  const info = (await docker.info()) as Info;
  const ours = (before + Date.now()) / 2;
  const { ApiVersion } = await docker.version();
  const security = info.SecurityOptions ?? [];
  return {
    where,
    version: info.ServerVersion,
    apiVersion: ApiVersion,
    operatingSystem: info.OperatingSystem,
    kernel: info.KernelVersion,
    architecture: info.Architecture,
    rootless: security.some((option) => option.includes("name=rootless")),
    userns: security.some((option) => option.includes("name=userns")),
    clockSkewS: (Date.parse(info.SystemTime) - ours) / 1000,
  };
}

interface ImageQuestion {
  readonly docker: Dockerode;
  readonly reader: EngineReader;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

async function readImages({ docker, reader, env, signal }: ImageQuestion): Promise<ImageFacts> {
  const images = await reader.listImages(signal);
  // The newest one comes first.
  const newest = IMAGE_ROLES.map((role) => images.find((one) => one.startsWith(`mhlab/${role}:`)));
  const bng = newest[IMAGE_ROLES.indexOf("bng")];
  const base = await docker
    .getImage(BASE_IMAGE)
    .inspect()
    .then(
      () => true,
      (error: unknown) => {
        if (statusCodeOf(error) === 404) return false;
        throw engineError(error, `look for the image ${BASE_IMAGE}`);
      },
    );
  const registry = bng === undefined && !base ? await askRegistry(docker) : undefined;
  const ages = (await Promise.all(newest.map((image) => readAge(docker, image)))).flat();
  return { ages, bng, base, registry, bootstrap: await isProgram("mmdebstrap", env["PATH"]) };
}

async function readAge(docker: Dockerode, image: string | undefined): Promise<PackagesAge[]> {
  if (image === undefined) return [];
  try {
    const installed = packagesTime((await docker.getImage(image).history()) as ImageStep[]);
    return installed === undefined ? [] : [{ image, days: daysBetween(installed, Date.now() / 1000) }];
  } catch (error) {
    // Removed meanwhile.
    if (statusCodeOf(error) === 404) return [];
    throw engineError(error, `read how ${image} was made`);
  }
}

/** Asks by way of the engine, which is who would pull. */
async function askRegistry(docker: Dockerode): Promise<true | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("no answer in time"), REGISTRY_MS);
  });
  const asked = docker
    .getImage(BASE_IMAGE)
    .distribution()
    .then(
      () => true as const,
      (error: unknown) => reasonOf(error).split(": ").at(-1) ?? "refused",
    );
  return await Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

async function isProgram(name: string, path = ""): Promise<boolean> {
  const found = await Promise.all(
    path.split(":").map((folder) =>
      access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
