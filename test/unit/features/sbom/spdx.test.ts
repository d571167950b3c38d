import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { expectValidSpdx } from "../../support/spdx.ts";
import { readContent, TELL_CONTENT } from "../../../../src/features/sbom/dpkg.ts";
import { spdxOf } from "../../../../src/features/sbom/spdx.ts";

const TEXT = [
  "13",
  "v24.11.1",
  "bird2\t2.17.1-1+b1\tamd64\tbird2\t2.17.1-1\tii ",
  "libstdc++6\t14.2.0-19\tamd64\tgcc-14\t14.2.0-19\tii ",
  "gone\t1\tamd64\tgone\t1\trc ",
  "",
].join("\n");

test("the package database of an image is read; what was removed is no part of it", () => {
  const content = readContent(TEXT);
  expect(content).toMatchObject({ release: "13", node: "24.11.1" });
  expect(content?.packages.map(({ name, source }) => [name, source])).toEqual([
    ["bird2", "bird2"],
    ["libstdc++6", "gcc-14"],
  ]);
  for (const text of ["", "13\n\n", "<html>\n", "x\ny\nbird2\t1\ta\tb\t1\tii "])
    expect(readContent(text)).toBeUndefined();
});

test("the command tells it on a Debian", () => {
  const [program = "", ...args] = TELL_CONTENT;
  const content = readContent(execFileSync(program, args, { encoding: "utf8" }));
  expect(content?.packages.some(({ name }) => name === "libc6")).toBe(true);
});

test("a document has what SPDX 2.3 requires, and every package is contained in its image", () => {
  const content = readContent(TEXT);
  if (content === undefined) throw new Error("the text is not read");
  const document = spdxOf([{ reference: "mhlab/bng:1f0c", content }], {
    version: "0.1.0",
    created: "2026-12-02T06:00:00Z",
    bundled: [{ name: "zod", version: "4.1.0", licence: "MIT" }],
    digest: () => "d1",
  }) as {
    packages: { SPDXID: string; name: string; externalRefs?: { referenceLocator: string }[] }[];
    relationships: { spdxElementId: string; relationshipType: string; relatedSpdxElement: string }[];
  };
  expect(document).toMatchObject({
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    documentNamespace: "https://spdx.org/spdxdocs/mhlab-d1",
    creationInfo: { created: "2026-12-02T06:00:00Z", creators: ["Tool: mhlab-0.1.0"] },
  });
  expectValidSpdx(document);
  const ids = document.packages.map(({ SPDXID }) => SPDXID);
  expect(new Set(ids).size).toBe(5);
  expect(ids.every((id) => /^SPDXRef-[A-Za-z0-9.-]+$/.test(id))).toBe(true);
  expect(document.packages.map(({ externalRefs }) => externalRefs?.[0]?.referenceLocator)).toEqual([
    undefined,
    "pkg:deb/debian/bird2@2.17.1-1%2Bb1?arch=amd64&distro=debian-13",
    "pkg:deb/debian/libstdc++6@14.2.0-19?arch=amd64&distro=debian-13",
    "pkg:generic/node@24.11.1",
    "pkg:npm/zod@4.1.0",
  ]);
  expect(document.relationships.map((one) => one.relatedSpdxElement)).toEqual(ids);
});
