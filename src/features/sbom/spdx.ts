/** What images hold, as an SPDX 2.3 document (ISO/IEC 5962, spdx.github.io/spdx-spec/v2.3). */
import type { ImageContent } from "./dpkg.ts";

export interface ImageToDescribe {
  /** `mhlab/bng:1f0c…` */
  readonly reference: string;
  readonly content: ImageContent;
}

export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** As an SPDX expression; null: the package does not say. */
  readonly licence: string | null;
}

export interface SpdxOptions {
  readonly version: string;
  /** UTC, RFC 3339 to the second. */
  readonly created: string;
  /** npm packages in mhlab's own agent, which is in every image. */
  readonly bundled: readonly NpmPackage[];
  /** SHA-256 as hexadecimal. */
  readonly digest: (text: string) => string;
}

const UNKNOWN = "NOASSERTION";

/** One document about several images. Its name space derives from the content, so the same images have the same. */
export function spdxOf(
  images: readonly ImageToDescribe[],
  { version, created, bundled, digest }: SpdxOptions,
): unknown {
  const parts = images.map((image) => partOf(image, bundled));
  const digested = digest(JSON.stringify([version, created, images, bundled]));
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: images.map(({ reference }) => reference).join(" "),
    documentNamespace: `https://spdx.org/spdxdocs/mhlab-${digested}`,
    creationInfo: { created, creators: [`Tool: mhlab-${version}`] },
    packages: parts.flatMap(({ packages }) => packages),
    relationships: parts.flatMap(({ relationships }) => relationships),
  };
}

/** The same as the text of a file. */
export function spdxText(...question: Parameters<typeof spdxOf>): string {
  return `${JSON.stringify(spdxOf(...question), null, 2)}\n`;
}

interface SpdxPackage {
  readonly SPDXID: string;
  readonly [key: string]: unknown;
}

interface Relationship {
  readonly spdxElementId: string;
  readonly relationshipType: "DESCRIBES" | "CONTAINS";
  readonly relatedSpdxElement: string;
}

function partOf(
  { reference, content }: ImageToDescribe,
  bundled: readonly NpmPackage[],
): { readonly packages: readonly SpdxPackage[]; readonly relationships: readonly Relationship[] } {
  const { release, node, packages } = content;
  const [name = reference, tag = ""] = reference.split(":");
  const image = packageOf(`Image-${reference}`, {
    name,
    versionInfo: tag,
    primaryPackagePurpose: "CONTAINER",
    licenseDeclared: "Apache-2.0",
  });
  const inside = [
    ...packages.map((one) =>
      packageOf(`Deb-${reference}-${one.name}-${one.architecture}`, {
        name: one.name,
        versionInfo: one.version,
        sourceInfo: `built from ${one.source} ${one.sourceVersion}`,
        ...purl(
          `deb/debian/${one.name}@${encodeURIComponent(one.version)}?arch=${one.architecture}&distro=debian-${release}`,
        ),
      }),
    ),
    ...(node === null
      ? []
      : [
          packageOf(`Node-${reference}`, {
            name: "node",
            versionInfo: node,
            ...purl(`generic/node@${node}`),
          }),
        ]),
    ...bundled.map((one) =>
      packageOf(`Npm-${reference}-${one.name}`, {
        name: one.name,
        versionInfo: one.version,
        licenseDeclared: one.licence ?? UNKNOWN,
        ...purl(`npm/${one.name.replace("@", "%40")}@${one.version}`),
      }),
    ),
  ];
  return {
    packages: [image, ...inside],
    relationships: [
      {
        spdxElementId: "SPDXRef-DOCUMENT",
        relationshipType: "DESCRIBES",
        relatedSpdxElement: image.SPDXID,
      },
      ...inside.map(({ SPDXID }): Relationship => ({
        spdxElementId: image.SPDXID,
        relationshipType: "CONTAINS",
        relatedSpdxElement: SPDXID,
      })),
    ],
  };
}

/** An id may hold letters, digits, dots and hyphens only. */
function packageOf(id: string, more: Readonly<Record<string, unknown>>): SpdxPackage {
  return {
    SPDXID: `SPDXRef-${id.replaceAll("+", "-plus").replaceAll(/[^A-Za-z0-9.-]/g, "-")}`,
    downloadLocation: UNKNOWN,
    filesAnalyzed: false,
    licenseConcluded: UNKNOWN,
    licenseDeclared: UNKNOWN,
    copyrightText: UNKNOWN,
    ...more,
  };
}

function purl(locator: string): Readonly<Record<string, unknown>> {
  return {
    externalRefs: [
      { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: `pkg:${locator}` },
    ],
  };
}
