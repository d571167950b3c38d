/** The documents of the bundled CPE's and host's containers (`images/cpe`), written by the CLI, read by the agent. */
import * as z from "zod";
import type { DocumentRead, NodeDocument } from "../../model/document.ts";
import { BadValue, choice, type ReadScalar } from "../../model/values/scalars.ts";
import { checkDocument, nodeFile } from "../../model/yaml/node-file.ts";
import { number } from "../../model/settings/schema-values.ts";
import { scalar } from "../../model/yaml/scalar.ts";
import { CPE_SOFTWARE, DEFAULT_SOFTWARE } from "../../model/lab/cpe-software-names.ts";
import { HOST_INTERFACE } from "../../model/links/bng.ts";

const asWritten: ReadScalar<string> = (text) =>
  text === "" ? new BadValue("MHLAB_LAB_NAME", "there is no value", "give one") : text;
const words = (description: string): z.ZodType<string, string> => scalar(asWritten, { description });

const wan = z.strictObject({
  provider: words("Name of the provider."),
  link: words("The name that the access link carries while it waits in the host network namespace."),
  vxlan: z
    .strictObject({
      id: number(1, 0xff_ff_ff, { description: "VXLAN network identifier." }),
      remote: words("Address of the provider's machine."),
    })
    .optional()
    .meta({ description: "Where the provider runs on another machine: the WAN's own end of the link." }),
  probe: words("Address that reachability is measured against.").optional(),
  pool: words(
    "What the provider delegates from: with another one, what it had delegated before is nobody's.",
  ).optional(),
});

const port = z.strictObject({
  name: words("Name of the host."),
  link: words("The name that the host's end carries while it waits in the host network namespace."),
});

const cpeSchema = z.strictObject({
  name: words("Name of the CPE."),
  software: scalar(choice(CPE_SOFTWARE), { description: "What it runs." }).default(DEFAULT_SOFTWARE),
  wans: z.array(wan).min(1).meta({ description: "The WANs, in the order of the lab file." }),
  hosts: z.array(port).default([]).meta({ description: "Ports of the LAN, one for each host." }),
});

const router = z.strictObject({
  provider: words("Name of the provider."),
  address: words("Its link-local address."),
  prefix: words("The network that it announces.").optional(),
});

const pool = z.strictObject({
  provider: words("Name of the provider."),
  prefix: words("Its prefix, or what it delegates from."),
});

const hostSchema = z.strictObject({
  name: words("Name of the host."),
  link: words(
    "The name that its end carries in the host network namespace, or the word for a link that it makes: `lan:<bridge>` of a shared LAN, `claim`, `vlan:enp2s0:101`.",
  ),
  interface: words("The name of its port.").default(HOST_INTERFACE),
  force: scalar(choice(["true"] as const), {
    description: "Whether it claims the interface whatever the machine uses it for.",
  }).optional(),
  lab: words("On a link of the machine: the lab, which its MAC address is made from.").optional(),
  providers: z
    .array(pool)
    .default([])
    .meta({ description: "On a link of the machine: whose an address is tells its prefix." }),
  cpe: words("The CPE that it is behind.").optional(),
  probe: words("Address that reachability is measured against.").optional(),
  routers: z.array(router).default([]).meta({ description: "On a shared LAN: the routers to expect there." }),
});

export type CpeConfig = z.output<typeof cpeSchema>;
export type CpeWan = CpeConfig["wans"][number];
export type CpePort = CpeConfig["hosts"][number];
export type HostConfig = z.output<typeof hostSchema>;
export type LanRouter = HostConfig["routers"][number];
export type ProviderPrefix = HostConfig["providers"][number];

export const CPE_FILE_KIND = nodeFile("a CPE's document", "the CPE", "name and wans");
export const HOST_FILE_KIND = nodeFile("a host's document", "the host", "name and link");

/** Reads what a CPE is to be. */
export function readCpeDocument(document: NodeDocument): DocumentRead<CpeConfig> {
  return checkDocument(cpeSchema, document, CPE_FILE_KIND);
}

/** Reads what a host is to be. */
export function readHostDocument(document: NodeDocument): DocumentRead<HostConfig> {
  return checkDocument(hostSchema, document, HOST_FILE_KIND);
}

/** Whether a running CPE takes a change of a setting in place. */
export function isCpeLive(path: string): boolean {
  return path === "wans" || path === "hosts";
}

/** The same of a host. */
export function isHostLive(path: string): boolean {
  return path === "routers" || path === "providers";
}
