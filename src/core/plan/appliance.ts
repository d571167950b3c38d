import { writeBngEnvironment } from "../bng/environment.ts";
import { formatHostLink } from "../bng/host-link.ts";
import { writeCpeEnvironment, writeHostEnvironment } from "../cpe/environment.ts";
import {
  bundledTunnels,
  INTERNET_ADDRESS,
  type BundledTunnel,
  type InternetConfig,
} from "../internet/config.ts";
import { formatPrefix6 } from "../ip6.ts";
import type { Cpe, Lab, Provider } from "../lab/model.ts";
import {
  containerName,
  INTERNET_CONFIG,
  INTERNET_NAME,
  KEEPER_NAME,
  KEY_FOLDER,
  Label,
  linkName,
  type Role,
} from "../names.ts";
import { bngConfig, KEY_TO_COME, PRESHARED_KEY_FILE, PRIVATE_KEY_FILE } from "./bng-config.ts";
import { keeperParts } from "./keeper.ts";
import { lanHostParts } from "./lan-host.ts";
import { PlanLabel, type ContainerSpec, type FileSpec, type KeyName, type ProviderKeys } from "./spec.ts";

const ROUTER_SYSCTLS = {
  "net.ipv6.conf.all.disable_ipv6": "0",
  "net.ipv6.conf.default.disable_ipv6": "0",
  "net.ipv6.conf.all.forwarding": "1",
  "net.ipv6.conf.default.forwarding": "1",
  "net.ipv6.conf.all.accept_ra": "0",
  "net.ipv6.conf.default.accept_ra": "0",
  "net.ipv6.conf.default.keep_addr_on_down": "1",
  "net.ipv6.icmp.ratelimit": "0",
} as const;

/** ICMPv6 errors about a wrong source inherit the mark that says to whom they go. */
const BNG_SYSCTLS = { ...ROUTER_SYSCTLS, "net.ipv6.fwmark_reflect": "1" } as const;

/** A CPE's kernel follows the providers' advertisements (2: even while forwarding); dhcpcd needs promote_secondaries. */
const CPE_SYSCTLS = {
  ...ROUTER_SYSCTLS,
  "net.ipv6.conf.all.accept_ra": "2",
  "net.ipv6.conf.default.accept_ra": "2",
  "net.ipv4.conf.default.promote_secondaries": "1",
} as const;

const HOST_SYSCTLS = {
  ...ROUTER_SYSCTLS,
  "net.ipv6.conf.all.forwarding": "0",
  "net.ipv6.conf.default.forwarding": "0",
  "net.ipv6.conf.all.accept_ra": "1",
  "net.ipv6.conf.default.accept_ra": "1",
  "net.ipv6.conf.default.router_solicitation_delay": "0",
} as const;

/** SYS_ADMIN enters the birth namespace; SETPCAP drops what daemons do not need. */
const NETWORK_CAPABILITIES = ["NET_ADMIN", "NET_RAW", "SYS_ADMIN", "SETPCAP"] as const;

/** What differs between the roles: the image, its command, rights and kernel settings. */
export const APPLIANCES = {
  bng: { image: "bng", command: [], capabilities: NETWORK_CAPABILITIES, sysctls: BNG_SYSCTLS },
  internet: { image: "internet", command: [], capabilities: NETWORK_CAPABILITIES, sysctls: ROUTER_SYSCTLS },
  cpe: { image: "cpe", command: ["cpe"], capabilities: NETWORK_CAPABILITIES, sysctls: CPE_SYSCTLS },
  host: { image: "cpe", command: ["host"], capabilities: NETWORK_CAPABILITIES, sysctls: HOST_SYSCTLS },
  keeper: { image: "bng", command: ["keeper"], capabilities: ["NET_ADMIN", "SYS_ADMIN"], sysctls: {} },
} as const satisfies Record<Role, object>;

/** The images that mhlab builds, in build order: later ones share layers of the first. */
export const IMAGE_ROLES = ["bng", "internet", "cpe"] as const;
export type ImageRole = (typeof IMAGE_ROLES)[number];

export interface ApplianceInput {
  readonly keys: ReadonlyMap<string, ProviderKeys>;
  /** Full image reference per image role. */
  readonly images: Readonly<Record<ImageRole, string>>;
  readonly version: string;
  /** Path of the lab file, for the label. */
  readonly labFile: string;
}

/** Every container that the lab wants, in the order of the file: internet, providers, CPEs with their hosts, hosts on LANs, keeper. */
export function labContainers(lab: Lab, input: ApplianceInput): ContainerSpec[] {
  const tunnels = tunnelsOf(lab);
  const keeper = keeperParts(lab);
  const make = (
    role: Role,
    name: string,
    own: Pick<ContainerSpec, "env"> & Partial<Pick<ContainerSpec, "files" | "labels">>,
  ): ContainerSpec => ({
    lab: lab.name,
    name,
    role,
    containerName: containerName(lab.name, name),
    image: input.images[APPLIANCES[role].image],
    command: APPLIANCES[role].command,
    capabilities: APPLIANCES[role].capabilities,
    sysctls: APPLIANCES[role].sysctls,
    env: own.env,
    files: own.files ?? [],
    labels: {
      [Label.lab]: lab.name,
      [Label.role]: role,
      [Label.name]: name,
      [Label.version]: input.version,
      [Label.labFile]: input.labFile,
      ...own.labels,
    },
  });
  return [
    ...(lab.internet === "bundled"
      ? [make("internet", INTERNET_NAME, internetParts(lab, input, tunnels))]
      : []),
    ...lab.providers.map((provider) =>
      make("bng", provider.name, bngParts(lab, provider, { input, tunnels })),
    ),
    ...lab.cpes.flatMap((cpe) => [
      make("cpe", cpe.name, {
        env: cpeEnvironment(lab, cpe),
        labels: { [PlanLabel.hosts]: cpe.hosts.join(",") },
      }),
      ...cpe.hosts.map((host) =>
        make("host", host, {
          env: writeHostEnvironment({
            name: host,
            link: linkName(lab.name, cpe.name, host),
            probe: probeOf(lab),
          }),
          labels: { [PlanLabel.cpe]: cpe.name },
        }),
      ),
    ]),
    ...lab.hosts.map((host) => make("host", host.name, lanHostParts(lab, host, probeOf(lab)))),
    ...(keeper === undefined ? [] : [make("keeper", KEEPER_NAME, keeper)]),
  ];
}

/** The file that tells the bundled internet its tunnels. */
export function internetConfig(lab: Lab, keys: ReadonlyMap<string, ProviderKeys>): InternetConfig {
  const tunnels = tunnelsOf(lab);
  return {
    lab: lab.name,
    peers: lab.providers.flatMap((provider) => {
      const tunnel = tunnels.get(provider.name);
      if (tunnel === undefined) return [];
      return [
        {
          provider: provider.name,
          listenPort: tunnel.listenPort,
          publicKey: keys.get(provider.name)?.bng ?? KEY_TO_COME,
          localAddress: tunnel.internetAddress,
          remoteAddress: tunnel.bngAddress.replace(/\/.*$/, ""),
          prefix: formatPrefix6(provider.prefix),
          mtu: provider.wireguard.mtu,
          ...(provider.wireguard.presharedKey ? { presharedKey: true } : {}),
        },
      ];
    }),
  };
}

function bngParts(
  lab: Lab,
  provider: Provider,
  { input, tunnels }: { input: ApplianceInput; tunnels: ReadonlyMap<string, BundledTunnel> },
): Pick<ContainerSpec, "env" | "files" | "labels"> {
  const { name, subscriber, wireguard } = provider;
  const config = bngConfig(lab, provider, input.keys.get(name), tunnels);
  const hostLink = formatHostLink(config);
  return {
    env: writeBngEnvironment(config),
    labels: {
      ...(subscriber.kind === "cpe" ? { [PlanLabel.cpe]: subscriber.cpe } : {}),
      ...(hostLink === undefined ? {} : { [PlanLabel.hostLink]: hostLink }),
      ...(config.subscriber.force === true ? { [PlanLabel.forced]: config.subscriber.interface } : {}),
    },
    files: [
      keyFile(PRIVATE_KEY_FILE, { provider: name, side: "bng" }),
      ...(wireguard.presharedKey ? [keyFile(PRESHARED_KEY_FILE, { provider: name, side: "preshared" })] : []),
    ],
  };
}

function internetParts(
  lab: Lab,
  input: ApplianceInput,
  tunnels: ReadonlyMap<string, BundledTunnel>,
): Pick<ContainerSpec, "env" | "files"> {
  const config = internetConfig(lab, input.keys);
  return {
    env: {},
    files: [
      { path: INTERNET_CONFIG, mode: 0o644, content: { text: `${JSON.stringify(config, null, 2)}\n` } },
      ...[...tunnels.keys()].map((provider) =>
        keyFile(`${KEY_FOLDER}/${provider}.key`, { provider, side: "internet" }),
      ),
      ...lab.providers
        .filter(({ wireguard }) => wireguard.presharedKey)
        .map(({ name }) => keyFile(`${KEY_FOLDER}/${name}.psk`, { provider: name, side: "preshared" })),
    ],
  };
}

function keyFile(path: string, key: KeyName): FileSpec {
  return { path, mode: 0o600, content: { key } };
}

function tunnelsOf(lab: Lab): ReadonlyMap<string, BundledTunnel> {
  const bundled = lab.providers
    .filter(({ wireguard }) => wireguard.kind === "bundled")
    .map(({ name }) => name);
  return new Map(bundledTunnels(lab.name, bundled).map((tunnel) => [tunnel.provider, tunnel]));
}

function probeOf(lab: Lab): string | undefined {
  return lab.internet === "bundled" ? INTERNET_ADDRESS : undefined;
}

function cpeEnvironment(lab: Lab, cpe: Cpe): Record<string, string> {
  return writeCpeEnvironment({
    name: cpe.name,
    wans: cpe.providers.map((provider) => ({ provider, link: linkName(lab.name, provider, cpe.name) })),
    hosts: cpe.hosts.map((host) => ({ name: host, link: linkName(lab.name, cpe.name, host) })),
    probe: probeOf(lab),
  });
}
