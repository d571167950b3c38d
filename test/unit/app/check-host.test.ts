import { expect, test } from "vitest";
import { Engines } from "../../../src/app/agents/engines.ts";
import { checkHosts } from "../../../src/app/check-host.ts";
import type { PlannedLab } from "../../../src/app/plan-up.ts";
import type { Engine } from "../../../src/app/ports/engine.ts";
import type { Step } from "../../../src/core/render/plan/plan.ts";
import type { Warning } from "../../../src/core/render/plan/progress.ts";
import { lab as labOf, specs } from "../support/planned-lab.ts";

const COUNT = 100;
const NAMES = Array.from({ length: COUNT }, (_, index) => `isp${index}`);
const LAB = labOf(
  `name: many\ninternet: bundled\nproviders:\n${NAMES.map(
    (name, index) =>
      `  - {name: ${name}, prefix: "2001:db8:${(index + 1).toString(16)}::/48", subscriber: {veth: to-${name}}}\n`,
  ).join("")}`,
);
/** A host whose new interfaces accept router advertisements. */
const HOST = [
  "@@ enter\n\n@@= 0",
  "@@ links\n[]\n@@= 0",
  "@@ accept-ra\ndefault/accept_ra:1\ndefault/forwarding:0\ndefault/disable_ipv6:0\n@@= 0",
].join("\n");

interface Host {
  readonly engine: Engine;
  readonly looks: () => number;
}

function host(): Host {
  let looks = 0;
  const runOnce = async () => {
    looks++;
    return { exitCode: 0, stdout: HOST, stderr: "" };
  };
  return { engine: { writer: async () => ({ runOnce }) } as unknown as Engine, looks: () => looks };
}

async function warningsOf(engines: Engines): Promise<Warning[]> {
  const wanted = specs(LAB);
  const steps = wanted.map(({ name, role }): Step => ({ action: "create", name, role, reason: "new" }));
  const planned = {
    lab: LAB,
    plan: { lab: LAB.name, steps, unchanged: [], overrides: [] },
    specs: new Map(wanted.map((spec) => [spec.name, spec])),
    nodes: new Map(wanted.map((spec) => [spec.name, engines.node(spec)])),
    seen: { containers: [], nodes: [] },
  } as unknown as PlannedLab;
  const warnings: Warning[] = [];
  await checkHosts(planned, {
    sshAddress: undefined,
    signal: new AbortController().signal,
    report: (progress) => void (progress.kind === "warning" && warnings.push(progress.warning)),
  });
  return warnings;
}

test("a hundred veths that the host would hear are one warning, with the line that stops the first", async () => {
  const { engine, looks } = host();
  expect(await warningsOf(new Engines([engine]))).toEqual([
    {
      code: "host-ra",
      message: expect.stringMatching(
        /^the host will take .* by to-isp0; so it is with 99 more: mhlab doctor names them$/,
      ) as string,
      mend: "sudo sysctl -w net/ipv6/conf/to-isp0/accept_ra=0   # once it is there",
    },
  ]);
  expect(looks()).toBe(1);
});

test("each host is looked at for the nodes that are to run there", async () => {
  const [here, there] = [host(), host()];
  const engines = new Engines([here.engine, there.engine], {
    engineOf: (name) => (name === "isp99" ? there.engine : here.engine),
  });
  const warnings = await warningsOf(engines);
  expect(warnings.map(({ mend }) => mend?.split(" ")[3])).toEqual([
    "net/ipv6/conf/to-isp0/accept_ra=0",
    "net/ipv6/conf/to-isp99/accept_ra=0",
  ]);
  expect([here.looks(), there.looks()]).toEqual([1, 1]);
});
