import type Dockerode from "dockerode";
import type { ContainerBody } from "../../core/render/plan/body.ts";

/** The options of `createContainer` with which dockerode sends the body as the body only: it would put all of it into the URL as well. */
export function creation(
  body: Dockerode.ContainerCreateOptions,
  name?: string,
): Dockerode.ContainerCreateOptions {
  const split = { _query: name === undefined ? {} : { name }, _body: body };
  return split as Dockerode.ContainerCreateOptions;
}

/** Of Docker 26: the first that mounts a single file of a volume. */
const SUBPATH_API = 1.45;

/**
 * The request as this engine can fulfil it. An older one mounts no file of a volume: there a node whose /etc/resolv.conf
 * changes keeps the engine's, which can be written only in a writable root.
 */
export async function fitEngine(docker: Dockerode, body: ContainerBody): Promise<ContainerBody> {
  const file = body.HostConfig.Mounts.find(({ VolumeOptions }) => VolumeOptions.Subpath !== undefined);
  if (file === undefined) return body;
  const { ApiVersion } = (await docker.version()) as { ApiVersion?: string };
  if (Number(ApiVersion) >= SUBPATH_API) return body;
  const Mounts = body.HostConfig.Mounts.filter(({ Source }) => Source !== file.Source);
  return { ...body, HostConfig: { ...body.HostConfig, Mounts, ReadonlyRootfs: false } };
}
