import { expect, test } from "vitest";
import type { EngineReport } from "../../../../src/app/list-engines.ts";
import { renderEngines } from "../../../../src/cli/views/engines.ts";

const PI1: EngineReport = {
  name: "pi1",
  host: "ssh://pi1",
  reachable: true,
  problem: null,
  version: "26.1.5",
  apiVersion: "1.45",
  operatingSystem: "Debian GNU/Linux 13",
  kernel: "6.12",
  architecture: "aarch64",
  load: 0.5,
  nics: [
    { name: "enp2s0", mac: "02:00:00:00:00:01", mtu: 1500, carrier: true },
    { name: "enp3s0", mac: "02:00:00:00:00:02", mtu: 1500, carrier: false },
  ],
  images: "current",
  outdated: [],
};

test("an engine is a line, and what does not fit together follows with the command that fixes it", () => {
  const pi2: EngineReport = {
    ...PI1,
    name: "pi2",
    host: "context:pi2",
    images: "other",
    outdated: ["mhlab-x-beta"],
  };
  const silent = { load: null, nics: null, version: null, architecture: null, images: null } as const;
  const pi3: EngineReport = {
    ...PI1,
    ...silent,
    name: "pi3",
    reachable: false,
    problem: "connect ECONNREFUSED",
  };
  expect(renderEngines([PI1, pi2, pi3], { colour: false, columns: undefined })).toBe(
    `ENGINE   STATE             DOCKER   ARCH      LOAD   NICS                          AT
pi1      answers           26.1.5   aarch64   0.50   enp2s0, enp3s0 (no carrier)   ssh://pi1
pi2      answers           26.1.5   aarch64   0.50   enp2s0, enp3s0 (no carrier)   context:pi2
pi3      does not answer   -        -         -      -                             ssh://pi1

pi2: its images are of another version of mhlab: mhlab --context pi2 image build
pi2: mhlab-x-beta run another version's image: mhlab up recreates them
pi3: connect ECONNREFUSED
`,
  );
});
