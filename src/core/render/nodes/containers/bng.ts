import { valueAt } from "../../../model/document.ts";
import type { Lab, Provider } from "../../../model/lab/model.ts";
import { internetHost, linkBetween } from "../../../model/lab/engines.ts";
import { providerDocument } from "../../../model/lab/document.ts";
import { bngSubscriber } from "../../../model/links/bng.ts";
import { linkName, PRESHARED_KEY_FILE, PRIVATE_KEY_FILE } from "../../../model/names.ts";
import { isAddress } from "../../../model/values/parse.ts";
import { kindOf, type SubscriberLink } from "../../../model/links/registry.ts";
import { PlanLabel } from "../spec.ts";
import { linkLabels } from "./link-labels.ts";
import { settingAt } from "../../../model/settings/registry.ts";
import {
  keyFile,
  presharedIn,
  type RoleContainers,
  type Surroundings,
  type WantedNode,
} from "./container.ts";

/** A BNG per provider. */
export const bngContainers: RoleContainers = {
  isLive: (path) => settingAt(path)?.live === true,
  forgets: ({ document, labels }) =>
    labels[PlanLabel.cpe] !== undefined || valueAt(document ?? {}, "subscriber.lan") !== undefined,
  wanted: (lab, around) => lab.providers.map((provider) => bng(lab, provider, around)),
  changedFiles(spec, keys, { held }) {
    const [wanted, found] = [keys.get(spec.name), held?.get(spec.name)];
    if (found === undefined) return undefined;
    if (found.publicKey !== wanted?.bng) return "its key changed";
    const shared = presharedIn(spec).size > 0;
    return shared && found.preshared !== wanted?.preshared ? "its pre-shared key changed" : undefined;
  },
};

function bng(lab: Lab, whole: Provider, { keys, tunnels }: Surroundings): WantedNode {
  const { name, subscriber, wireguard } = whole;
  const provider = { ...whole, subscriber: toldSubscriber(lab, whole) };
  const told = bngSubscriber(provider.subscriber, { lab: lab.name, provider: name });
  const end = {
    publicKey: keys.get(name)?.internet,
    host: internetHost(lab, name),
    tunnel: tunnels.get(name),
  };
  return {
    name,
    document: providerDocument(lab.name, provider, end),
    hostResolvers: wireguard.kind === "real" && !isAddress(wireguard.endpoint.host),
    labels: {
      ...(subscriber.kind === "cpe" ? { [PlanLabel.cpe]: subscriber.cpe } : {}),
      ...deviceLabel(lab, name),
      ...linkLabels(name, provider.subscriber, told),
    },
    binds: kindOf(told.link).binds?.(told.link) ?? [],
    files: [
      keyFile(PRIVATE_KEY_FILE, { provider: name, side: "bng" }),
      ...(wireguard.presharedKey ? [keyFile(PRESHARED_KEY_FILE, { provider: name, side: "preshared" })] : []),
    ],
  };
}

function deviceLabel({ devices }: Lab, provider: string): Readonly<Record<string, string>> {
  const device = devices.find(({ providers }) => providers.includes(provider));
  return device === undefined ? {} : { [PlanLabel.device]: device.name };
}

/** A CPE on another machine is at the other end of a VXLAN. */
function toldSubscriber(lab: Lab, { name: provider, subscriber }: Provider): SubscriberLink {
  if (subscriber.kind !== "cpe") return subscriber;
  const { cpe } = subscriber;
  const name = linkName(lab.name, provider, cpe);
  return linkBetween(lab, { provider, cpe, name })?.bng ?? subscriber;
}
