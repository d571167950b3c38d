import { ageFindings, type PackagesAge } from "./image-age.ts";
import { formatBytes } from "../../core/model/bytes.ts";
import { block, ok, warn, type Finding } from "../../core/model/host/finding.ts";
import { BASE_IMAGE } from "../../core/model/names.ts";

/** What the engine says of itself. */
export interface EngineFacts {
  readonly where: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly operatingSystem: string;
  readonly kernel: string;
  readonly architecture: string;
  readonly rootless: boolean;
  /** Whether containers get user ids of their own (userns-remap). */
  readonly userns: boolean;
  /** Engine's clock less ours, in seconds. */
  readonly clockSkewS: number;
}

/** Where the images come from, and how old they are. */
export interface ImageFacts {
  /** Of the newest image of each role that is built. */
  readonly ages: readonly PackagesAge[];
  /** Newest image of the BNG; undefined when none is built. */
  readonly bng: string | undefined;
  /** Whether the base image is there. */
  readonly base: boolean;
  /** Whether a registry would give it; undefined when nobody asked. */
  readonly registry: true | string | undefined;
  /** Whether this machine could make it from Debian packages. */
  readonly bootstrap: boolean;
}

/** What `mhlab image prune` would remove. */
export interface OldImages {
  readonly count: number;
  /** That would be free without them. */
  readonly bytes: number;
}

/** API of Docker 20.10, the oldest that understands every option a BNG is started with. */
const OLDEST_API = 1.41;
const SKEW_S = 5;
/** One older version is three images: less than two are not worth a word. */
const FEW_OLD = 5;

/** What the engine is, and whether a BNG can do its work on such an engine. */
export function engineFindings(facts: EngineFacts): Finding[] {
  return [
    ok("engine", `Docker ${facts.version} (API ${facts.apiVersion}) at ${facts.where}`),
    ...(Number(facts.apiVersion) >= OLDEST_API
      ? []
      : [
          block(
            "engine-version",
            `the engine's API ${facts.apiVersion} is older than ${OLDEST_API}`,
            "sudo apt-get install docker.io",
          ),
        ]),
    kindFinding(facts),
    clockFinding(facts.clockSkewS),
  ];
}

function kindFinding({ rootless, userns, operatingSystem, kernel }: EngineFacts): Finding {
  if (rootless) {
    return block(
      "engine-kind",
      "the engine is rootless: it has no way into the machine's network",
      "mhlab --sandbox up lab.yaml   # or an engine of the system: sudo apt-get install docker.io",
    );
  }
  if (/Docker Desktop/i.test(operatingSystem) || /linuxkit/i.test(kernel)) {
    return warn(
      "engine-kind",
      "Docker Desktop: containers live in a virtual machine, which has none of this machine's interfaces; offline labs work, physical links do not",
      "use an engine on Linux for physical links: mhlab --host ssh://user@linux-machine up lab.yaml",
    );
  }
  if (userns) {
    return ok(
      "engine-kind",
      "user ids are remapped (userns-remap); mhlab's containers ask for the host's own",
    );
  }
  return ok("engine-kind", `an engine of the system, on ${operatingSystem}`);
}

function clockFinding(skewS: number): Finding {
  const shown = `${Math.abs(Math.round(skewS))} s ${skewS > 0 ? "ahead" : "behind"}`;
  return Math.abs(skewS) < SKEW_S
    ? ok("clock", "this machine's and the engine's clock agree")
    : warn(
        "clock",
        `the engine's clock is ${shown}: times in logs and captures will not match`,
        "sudo timedatectl set-ntp true",
      );
}

/** Whether the images are there or can be had. */
export function imageFindings({ bng, base, registry, bootstrap, ages }: ImageFacts): Finding[] {
  if (bng !== undefined) return [ok("base-image", `the BNG image is built: ${bng}`), ...ageFindings(ages)];
  if (base) return [ok("base-image", `${BASE_IMAGE} is there; \`mhlab up\` builds the images on it`)];
  if (registry === true) return [ok("base-image", `${BASE_IMAGE} can be pulled`)];
  const why = registry === undefined ? "" : ` (${registry})`;
  if (bootstrap) {
    return [
      ok("base-image", `no registry in reach${why}; ${BASE_IMAGE} will be made with mmdebstrap and npm`),
    ];
  }
  return [
    block(
      "base-image",
      `${BASE_IMAGE} is not there and cannot be pulled${why}`,
      "sudo apt-get install mmdebstrap   # or bring the image: docker save | docker load",
    ),
  ];
}

/** A word about images that `mhlab image prune` would remove, once they are more than a few. */
export function oldImageFindings({ count, bytes }: OldImages): Finding[] {
  if (count <= FEW_OLD) return [];
  const text = `${count} images of older versions are held that no container uses; without them ${formatBytes(bytes)} would be free`;
  return [warn("old-images", text, "mhlab image prune")];
}
