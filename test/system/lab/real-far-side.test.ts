/** A lab whose far side is someone else's: what a CPE measures, and what is said of a far side that goes. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { farSide, type FarSide } from "../support/bng.ts";
import { eventually, labState, mhlab } from "../support/sandbox.ts";
import { labFolder, statusOf, succeed, useLabs } from "./fixture.ts";

useLabs();

const LAB = "real";
const PREFIX = "2001:db8:a::/48";

function labFile({ endpoint, publicKey }: FarSide, probe: string): string {
  const wireguard = `{endpoint: "${endpoint}", peer: "${publicKey}", address: 2001:db8:0:a::2/64${probe}}`;
  const file = join(labFolder(), "real.yaml");
  const provider = `{name: alpha, prefix: ${PREFIX}, wireguard: ${wireguard}, subscriber: {cpe: home}}`;
  writeFileSync(file, `name: ${LAB}\nproviders:\n  - ${provider}\ncpes:\n  - {name: home, hosts: 1}\n`);
  return file;
}

test("a CPE says that nobody is asked, and asks whom the provider's probe names; a far side that goes is known to have answered", async () => {
  const far = await farSide(PREFIX);
  const keys = join(labState(), "labs", LAB, "keys");
  mkdirSync(keys, { recursive: true, mode: 0o700 });
  writeFileSync(join(keys, "alpha.key"), `${far.bngPrivateKey}\n`, { mode: 0o600 });

  const { stdout } = await succeed(["up", labFile(far, ""), "--wait"]);
  expect(stdout).toContain("not measured");
  expect(stdout).not.toContain("no answer");
  const before = (await statusOf(LAB)).cpes[0];
  expect(before).toMatchObject({
    ready: true,
    wans: [{ reach: "not-measured", rttMs: null }],
  });

  await succeed(["up", labFile(far, ", probe: 2001:db8::1"), "--wait"]);
  const after = (await statusOf(LAB)).cpes[0];
  expect(after).toMatchObject({ ready: true, wans: [{ reach: "yes" }] });

  await renumbered(far);

  await far.netns.remove();
  await eventually(
    async () => {
      const status = await statusOf(LAB);
      expect(status.cpes[0]?.wans[0]).toMatchObject({ reach: "no-answer" });
      expect(status.providers[0]?.uplink).toMatchObject({ state: "stale", handshakeAt: null });
    },
    { timeoutMs: 60_000 },
  );
  const text = (await mhlab(["status", LAB])).stdout;
  expect(text).toMatch(/does not answer any more; it last answered at \d\d:\d\d:\d\d UTC/);
  expect(text).not.toContain("has not answered yet");
  // What is missing is not the lab's own.
  const { stderr } = await succeed(["up", labFile(far, ", probe: 2001:db8::1")]);
  expect(stderr).toContain("last answered");
});

/** Another prefix goes through the tunnel once its server has done what it is told, and peer-config has both. */
async function renumbered(far: FarSide): Promise<void> {
  const order = ["renumber", "alpha", "2001:db8:c::/48", "--graceful", "--overlap", "10m", "--json"];
  const { farSide: server } = JSON.parse((await succeed(order)).stdout) as { farSide: { now: string[] } };
  const file = labFile(far, ", probe: 2001:db8::1");
  const { stdout, stderr } = await succeed(["peer-config", file, "--format", "script"]);
  expect(stdout).toContain(" 2001:db8:c::/48,2001:db8:a::/48 ");
  expect(stderr).toContain("alpha is renumbered, and has now: 2001:db8:c::/48, 2001:db8:a::/48");
  // A CPE that is switched off and on asks anew.
  await succeed(["restart", "home"]);
  const wan = async (): Promise<object | undefined> => (await statusOf(LAB)).cpes[0]?.wans[0];
  await eventually(async () =>
    expect(await wan()).toMatchObject({ delegatedPrefix: "2001:db8:c:8000::/56", reach: "no-answer" }),
  );
  await far.netns.run(["sh", "-ec", server.now.join("\n")]);
  await eventually(async () => expect(await wan()).toMatchObject({ reach: "yes" }));
  await succeed(["renumber", "alpha", PREFIX, "--flash"]);
  await succeed(["restart", "home"]);
}
