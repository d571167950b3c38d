import { bundledTunnels, INTERNET_ADDRESS } from "../../model/internet/config.ts";
import { engineLabels } from "./engine-labels.ts";
import { enginesOfNodes } from "../../model/lab/engines.ts";
import type { Lab } from "../../model/lab/model.ts";
import type { Surroundings, WantedNode } from "../nodes/containers/container.ts";
import { CONTAINERS } from "../nodes/containers/registry.ts";
import { nodeRole } from "../nodes/registry.ts";
import { ROLES, type ImageRole, type Role } from "../../model/role.ts";
import { containerName, CPE_FILE, HOST_FILE, KEEPER_FILE, Label, PROVIDER_FILE } from "../../model/names.ts";
import { documentText, type NodeDocument } from "../../model/document.ts";
import type { ContainerSpec, ProviderKeys, FileSpec } from "../nodes/spec.ts";

export interface ApplianceInput {
  readonly keys: ReadonlyMap<string, ProviderKeys>;
  /** Full image reference per image role. */
  readonly images: Readonly<Record<ImageRole, string>>;
  readonly version: string;
  /** Path of the lab file, for the label. */
  readonly labFile: string;
  /** Where the engine of a keeper keeps its data on its host, by the keeper's name; undefined where nobody asked it. */
  readonly engineFolders?: ReadonlyMap<string, string> | undefined;
}

/** Every container that the lab wants, in the order in which they are started. */
export function labContainers(lab: Lab, input: ApplianceInput): ContainerSpec[] {
  const around = { ...surroundings(lab, input.keys), engineFolders: input.engineFolders };
  const places = enginesOfNodes(lab);
  return ROLES.flatMap((role) =>
    CONTAINERS[role]
      .wanted(lab, around)
      .map((node) => specOf(lab, role, node, { ...input, engine: places.get(node.name) })),
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

/** Where the document of a node lies. */
const FILES: Readonly<Partial<Record<Role, string>>> = {
  bng: PROVIDER_FILE,
  cpe: CPE_FILE,
  host: HOST_FILE,
  keeper: KEEPER_FILE,
};

function documentFile(role: Role, document: NodeDocument): FileSpec {
  return { path: FILES[role] ?? PROVIDER_FILE, mode: 0o644, content: { text: documentText(document) } };
}

function specOf(
  { name: lab, engines }: Lab,
  role: Role,
  { name, document, files = [], labels = {}, binds = [], ...own }: WantedNode,
  input: ApplianceInput & { readonly engine: string | undefined },
): ContainerSpec {
  const { command, capabilities, devices, ...usual } = nodeRole(role);
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
    document,
    hostResolvers: own.hostResolvers ?? usual.needsHostResolvers,
    files: document === undefined ? files : [documentFile(role, document), ...files],
    binds,
    labels: {
      [Label.lab]: lab,
      [Label.role]: role,
      [Label.name]: name,
      [Label.version]: input.version,
      [Label.labFile]: input.labFile,
      ...(input.engine === undefined ? {} : engineLabels(input.engine, engines)),
      ...labels,
    },
  };
}
