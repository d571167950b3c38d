import { bundledTunnels, INTERNET_ADDRESS } from "../internet/config.ts";
import type { Lab } from "../lab/model.ts";
import type { Surroundings, WantedMember } from "../members/containers/container.ts";
import { CONTAINERS } from "../members/containers/registry.ts";
import { memberRole } from "../members/registry.ts";
import { ROLES, type ImageRole, type Role } from "../members/role.ts";
import { containerName, Label } from "../names.ts";
import type { ContainerSpec, ProviderKeys } from "./spec.ts";

export interface ApplianceInput {
  readonly keys: ReadonlyMap<string, ProviderKeys>;
  /** Full image reference per image role. */
  readonly images: Readonly<Record<ImageRole, string>>;
  readonly version: string;
  /** Path of the lab file, for the label. */
  readonly labFile: string;
  /** Where the engine keeps its data on its host; undefined where nobody asked it. */
  readonly engineFolder?: string | undefined;
}

/** Every container that the lab wants, in the order in which they are started. */
export function labContainers(lab: Lab, input: ApplianceInput): ContainerSpec[] {
  const around = { ...surroundings(lab, input.keys), engineFolder: input.engineFolder };
  return ROLES.flatMap((role) =>
    CONTAINERS[role].wanted(lab, around).map((member) => specOf(lab.name, role, member, input)),
  );
}

/** What is known about a lab beside its file, for the containers of its roles. */
export function surroundings(lab: Lab, keys: Surroundings["keys"]): Surroundings {
  const bundled = lab.providers.filter(({ wireguard }) => wireguard.kind === "bundled");
  const names = bundled.map(({ name }) => name);
  return {
    keys,
    tunnels: new Map(bundledTunnels(lab.name, names).map((tunnel) => [tunnel.provider, tunnel])),
    probe: lab.internet === "bundled" ? INTERNET_ADDRESS : undefined,
  };
}

function specOf(
  lab: string,
  role: Role,
  { name, env, files = [], labels = {}, binds = [], ...own }: WantedMember,
  input: ApplianceInput,
): ContainerSpec {
  const { command, capabilities, devices, ...usual } = memberRole(role);
  const imageFolder = own.image ?? usual.image;
  return {
    lab,
    name,
    role,
    containerName: containerName(lab, name),
    image: input.images[imageFolder],
    imageFolder,
    command,
    capabilities,
    devices,
    sysctls: { ...usual.sysctls, ...own.sysctls },
    env,
    files,
    binds,
    labels: {
      [Label.lab]: lab,
      [Label.role]: role,
      [Label.name]: name,
      [Label.version]: input.version,
      [Label.labFile]: input.labFile,
      ...labels,
    },
  };
}
