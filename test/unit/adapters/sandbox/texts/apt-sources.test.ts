import { describe, expect, test } from "vitest";
import { pickAptSources } from "../../../../../src/adapters/sandbox/texts/apt-sources.ts";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.pgp";

describe("pickAptSources", () => {
  test("takes the release, its updates and its security, and only main", () => {
    const text = `# the mirror
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: trixie trixie-updates
 trixie-backports
Components: main contrib
Signed-By: ${KEYRING}

Types: deb
URIs: http://mirror.example/debian-security
Suites: trixie-security
Components: main
`;
    expect(pickAptSources([{ name: "debian.sources", text }], "trixie")).toBe(`Types: deb
URIs: http://mirror.example/debian
Suites: trixie trixie-updates
Components: main
Signed-By: ${KEYRING}

Types: deb
URIs: http://mirror.example/debian-security
Suites: trixie-security
Components: main
`);
  });

  test("reads the one-line form", () => {
    const text = `deb-src http://mirror.example/debian trixie main
#deb http://other.example/debian trixie main
deb [arch=amd64 signed-by=${KEYRING}] http://mirror.example/debian trixie main contrib # here
`;
    expect(pickAptSources([{ name: "sources.list", text }], "trixie")).toBe(
      `Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main\nSigned-By: ${KEYRING}\n`,
    );
  });

  test.each([
    ["another release", "deb http://mirror.example/debian bookworm main"],
    ["a folder of the machine", "deb file:/srv/debian trixie main"],
    ["an address with a password", "deb http://me:secret@mirror.example/debian trixie main"],
    ["a third party", "deb [signed-by=/etc/apt/keyrings/other.asc] http://other.example/linux trixie main"],
    ["another component", "deb http://other.example/linux trixie stable"],
    ["updates without the release", "deb http://mirror.example/debian trixie-updates main"],
  ])("leaves out %s", (_what, text) => {
    expect(pickAptSources([{ name: "sources.list", text }], "trixie")).toBe("");
  });

  test("leaves out what is switched off", () => {
    const text = "Enabled: no\nTypes: deb\nURIs: http://m.example/debian\nSuites: trixie\nComponents: main\n";
    expect(pickAptSources([{ name: "debian.sources", text }], "trixie")).toBe("");
  });
});
