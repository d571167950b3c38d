import * as z from "zod";
import { CPE_SOFTWARE, DEFAULT_SOFTWARE } from "./cpe-software-names.ts";
import { advertised } from "../settings/advertised.ts";
import { captivePortal } from "../settings/captive-portal.ts";
import { delegation } from "../settings/delegation.ts";
import { dhcpv6 } from "../settings/dhcpv6.ts";
import { dns } from "../settings/dns.ts";
import { filter, recorder } from "../settings/filter.ts";
import { lifetimes } from "../settings/lifetimes.ts";
import { line } from "../settings/line.ts";
import { maps } from "../settings/maps.ts";
import { engineName, place } from "../settings/place.ts";
import { provider } from "../settings/provider.ts";
import { pvd } from "../settings/pvd.ts";
import { resolver } from "../settings/resolver.ts";
import { ra } from "../settings/router-advertisement.ts";
import { wireguard } from "../settings/wireguard.ts";
import { choice, name, NAME_PATTERN } from "../values/scalars.ts";
import { engineHost, ipAddress } from "../values/scalars-network.ts";
import { optionalKeys, requiredKeys } from "./schema-settings.ts";
import type { HostLink } from "./model.ts";
import { machineLink, subscriber } from "./schema-subscriber.ts";
import { scalar } from "../yaml/scalar.ts";
import { coded, cpeName, lanName, number, shortName, yesNo } from "../settings/schema-values.ts";

const wireguardMap = z
  .strictObject(optionalKeys(wireguard, "wireguard"))
  .meta({ description: maps.wireguard.schema });

const delegationMap = z
  .strictObject({
    ...optionalKeys(delegation, "delegation"),
    ...optionalKeys(lifetimes, "delegation"),
    ...optionalKeys(dhcpv6, "delegation"),
  })
  .meta({ description: maps.delegation.schema });

const routerAdvertisementMap = z
  .strictObject({
    ...optionalKeys(ra, "router-advertisement"),
    ...optionalKeys(advertised, "router-advertisement"),
  })
  .meta({ description: maps["router-advertisement"].schema });

const pvdMap = z.strictObject(optionalKeys(pvd, "pvd")).meta({ description: maps.pvd.schema });

const resolverMap = z
  .strictObject(optionalKeys(resolver, "resolver"))
  .meta({ description: maps.resolver.schema });

const lineMap = z.strictObject(optionalKeys(line, "line")).meta({ description: maps.line.schema });

/** A provider of the file, and all that the document of its BNG has. */
export const providerMap = z
  .strictObject({
    ...requiredKeys(provider, ""),
    wireguard: wireguardMap.optional(),
    delegation: delegationMap.optional(),
    subscriber: subscriber.optional(),
    ...optionalKeys(dns, ""),
    ...optionalKeys(captivePortal, ""),
    ...optionalKeys(filter, ""),
    ...optionalKeys(recorder, ""),
    "router-advertisement": routerAdvertisementMap.optional(),
    pvd: pvdMap.optional(),
    ...optionalKeys(resolver, ""),
    resolver: resolverMap.optional(),
    line: lineMap.optional(),
    ...optionalKeys(place, ""),
  })
  .meta({ description: "One emulated internet provider." });

const runsOn = coded(engineName, { description: place.engine.text.schema, examples: ["pi1"] }).optional();

const engine = z
  .strictObject({
    name: coded(engineName, { description: "Unique name of the engine.", examples: ["pi1"] }),
    host: scalar(engineHost, {
      description:
        "Where Docker answers: `ssh://user@host`, `unix:///path`, `tcp://host:port`, or `context:NAME` for a docker context.",
      examples: ["ssh://pi1"],
    }),
    address: scalar(ipAddress, {
      description: "Where the other machines reach this one: an IPv4 or IPv6 address.",
      examples: ["192.0.2.11"],
    }).optional(),
  })
  .meta({ description: "A machine: the Docker engine on it." });

const cpe = z
  .strictObject({
    name: cpeName("Unique name of the CPE."),
    hosts: number(0, 20, {
      description: "Hosts on its LAN, called <cpe>-host1 and so on.",
      default: 1,
    }).optional(),
    engine: runsOn,
    software: scalar(choice(CPE_SOFTWARE), {
      description:
        "What it runs: mhlab's own, or software that nobody of mhlab wrote, as its manual configures a home.",
      enum: CPE_SOFTWARE,
      default: DEFAULT_SOFTWARE,
    }).optional(),
    device: yesNo({
      description:
        "`true`: a router of your own, outside of the lab; mhlab starts only the hosts on its LAN.",
      default: false,
    }).optional(),
    lan: machineLink
      .meta({ description: "With `device`: the link of the machine that its LAN is on." })
      .optional(),
    wans: z
      .array(shortName("Name of a provider.", "alpha", "interface names are made from it"))
      .meta({
        description:
          "With `device`: the providers that its WANs are connected to. Left out: all whose `subscriber` is a link of the machine.",
        examples: [["alpha", "beta"]],
      })
      .optional(),
  })
  .meta({
    description:
      "A CPE: a bundled one, with one WAN for each provider that names it, or a router of your own (`device`).",
  });

const lanHost = z
  .strictObject({
    name: scalar(name(30, "it becomes part of a container name"), {
      description: "Unique name of the host.",
      examples: ["pc"],
      pattern: NAME_PATTERN,
      maxLength: 30,
    }),
    lan: z
      .union([
        lanName("The segment it is on: a `lan` that providers name as their subscriber.").transform(
          (lan): HostLink => ({ kind: "lan", lan }),
        ),
        machineLink,
      ])
      .meta({
        description: "The segment of the lab, or the link of the machine, that it is on.",
        examples: ["street"],
      }),
    engine: runsOn,
  })
  .meta({
    description:
      "A bundled host on a segment that several providers share (RFC 8028), or on a link of the machine.",
  });

/** The structure of lab.yaml, as the parser reads it: every scalar is text. */
export const labSchema = z
  .strictObject({
    name: scalar(name(30, "it becomes part of container names"), {
      description: "Name of the lab, unique on the machine.",
      examples: ["two-isps"],
      pattern: NAME_PATTERN,
      maxLength: 30,
    }),
    engines: z
      .array(engine)
      .min(1)
      .meta({
        description: "The machines of a lab that runs on several; left out: the engine of the command line.",
      })
      .optional(),
    internet: z
      .union([
        scalar(choice(["bundled"] as const, "; leave the key out when every provider has a real far side"), {
          description:
            "`bundled`: the far side of every tunnel is a container of the lab, no outside connection is needed.",
          enum: ["bundled"],
        }),
        z
          .strictObject({ bundled: yesNo({ description: "Always `true`." }), engine: runsOn })
          .meta({ description: "The bundled internet, and the engine that it runs on." }),
      ])
      .meta({ description: "Where every tunnel ends: in a container of the lab, or left out." })
      .optional(),
    providers: z.array(providerMap).min(1).meta({ description: "The providers, at least one." }),
    cpes: z.array(cpe).meta({ description: "Bundled virtual CPEs." }).optional(),
    hosts: z
      .array(lanHost)
      .meta({ description: "Bundled hosts on shared segments, or on links of the machine." })
      .optional(),
  })
  .meta({ title: "mhlab lab file", description: "Several IPv6 internet providers on one desk." });

type Written = z.output<typeof labSchema>;

/** A lab file whose structure and single values are right, with `internet` in its short form. */
export interface LabFile extends Omit<Written, "internet"> {
  readonly internet?: "bundled" | undefined;
  readonly internetEngine?: string | undefined;
}

/** The forms of `internet` as one. */
export function labFileOf({ internet, ...file }: Written): LabFile {
  if (typeof internet !== "object") return { ...file, internet };
  return { ...file, internet: internet.bundled ? "bundled" : undefined, internetEngine: internet.engine };
}

/** One provider of the file. */
export type ProviderEntry = LabFile["providers"][number];
/** One CPE of the file. */
export type CpeEntry = NonNullable<LabFile["cpes"]>[number];
