import { parseLab } from "../../../src/core/model/lab/parse.ts";
import type { Lab } from "../../../src/core/model/lab/model.ts";
import { labContainers, type ApplianceInput } from "../../../src/core/render/plan/appliance.ts";
import { withDigest } from "../../../src/core/render/plan/options.ts";
import type { ContainerSpec, ProviderKeys } from "../../../src/core/render/nodes/spec.ts";
import type { FoundContainer, HeldFiles } from "../../../src/core/render/nodes/observed.ts";
import { createHash } from "node:crypto";

export const TWO_ISPS = `
name: two-isps
internet: bundled
providers:
  - name: alpha
    prefix: 2001:db8:a::/48
    subscriber: {cpe: home}
  - name: beta
    prefix: 2001:db8:b::/48
    subscriber: {cpe: home}
cpes:
  - name: home
    hosts: 1
`;

export const SHARED_LAN = `
name: shared-lan
internet: bundled
providers:
  - name: alpha
    prefix: 2001:db8:a::/48
    subscriber: {lan: street}
  - name: beta
    prefix: 2001:db8:b::/48
    subscriber: {lan: street}
hosts:
  - {name: pc, lan: street}
`;

export function lab(text: string): Lab {
  const parsed = parseLab(text, { file: "lab.yaml", env: {} });
  if (parsed.lab === undefined) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.lab;
}

export const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

/** 43 letters and `=` with a last letter that a key may have; the same for the same text. */
const key = (text: string): string => `${digest(text).slice(0, 42)}A=`;

export function keysOf(one: Lab): Map<string, ProviderKeys> {
  return new Map(
    one.providers.map(({ name }) => [name, { bng: key(name), internet: key(`${name}/internet`) }]),
  );
}

export const IMAGES = {
  bng: "mhlab/bng:1",
  internet: "mhlab/internet:1",
  cpe: "mhlab/cpe:1",
  "cpe-others": "mhlab/cpe-others:1",
};

export function specs(one: Lab, over: Partial<ApplianceInput> = {}): ContainerSpec[] {
  const keys = over.keys ?? keysOf(one);
  return labContainers(one, { keys, images: IMAGES, version: "1", labFile: "lab.yaml", ...over }).map(
    (spec) => withDigest(spec, digest),
  );
}

/** The containers that a run of `up` with these specs leaves. */
export function running(made: readonly ContainerSpec[], state = "running"): FoundContainer[] {
  return made.map(({ containerName, image, labels }) => ({
    id: `id-${containerName}`,
    containerName,
    image,
    state,
    labels,
  }));
}

/** What the containers of these specs hold after that run. */
export function heldOf(
  made: readonly ContainerSpec[],
  keys: ReadonlyMap<string, ProviderKeys>,
): Map<string, HeldFiles> {
  return new Map(
    made.map(({ name, document }) => [
      name,
      { publicKey: keys.get(name)?.bng, preshared: keys.get(name)?.preshared, document },
    ]),
  );
}
