import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Settings } from "../../../src/core/model/document.ts";
import { LEAST_PRIVILEGE, SEED_OPTIONS } from "../support/bng.ts";
import { dhcp6Client } from "../support/dhcp6.ts";
import { docker, eventually, inLabHost } from "../support/sandbox.ts";
import { FIRST, cpeWithWire, prefixesOf, far, routesBecome, seven, start, stop, useBng } from "./fixture.ts";

useBng();

test("docker run with the seven variables of the original serves a DHCPv6 client that mhlab did not start", async () => {
  const cpe = await cpeWithWire("hand-sub");
  const bng = await start(SEED_OPTIONS, seven("hand-sub"));
  const { uplink } = await bng.until("ready", (status) => status.ready);
  expect(uplink).toMatchObject({ interface: "wg-hand", backend: "userspace", state: "up" });

  const folder = mkdtempSync(join(tmpdir(), "mhlab-dhclient-"));
  const events = join(folder, "events");
  writeFileSync(
    join(folder, "script"),
    `#!/bin/sh\n[ -n "$new_ip6_prefix" ] && echo "$reason $new_ip6_prefix" >> ${events}\nexit 0\n`,
    { mode: 0o755 },
  );
  const words = [
    "-6",
    "-P",
    "-d",
    "-sf",
    `${folder}/script`,
    "-lf",
    `${folder}/leases`,
    "-pf",
    `${folder}/pid`,
  ];
  // dhclient gives up when it has no link-local address yet.
  await eventually(async () => {
    const { stdout } = await cpe.run([
      "ip",
      "-6",
      "-br",
      "addr",
      "show",
      "dev",
      "wan0",
      "scope",
      "link",
      "-tentative",
    ]);
    expect(stdout).toContain("fe80");
  });
  // A mount namespace of its own, as every DHCP client gets here: none may touch the machine's resolv.conf.
  await cpe.start(["unshare", "--mount", "dhclient", ...words, "wan0"]);
  await eventually(() => expect(readFileSync(events, "utf8")).toContain(`BOUND6 ${FIRST}`));
  await routesBecome(bng, [FIRST]);

  await cpe.run(["ip", "addr", "add", "2001:db8:a:8000::1/64", "dev", "lo"]);
  const { stdout } = await cpe.run([
    "ping",
    "-6",
    "-c",
    "2",
    "-W",
    "2",
    "-I",
    "2001:db8:a:8000::1",
    "2001:db8::1",
  ]);
  expect(stdout).toContain(" 0% packet loss");

  await stop(bng);
  const { stdout: links } = await inLabHost(["ip", "-br", "link", "show"]);
  expect(links).not.toContain("wg-hand");
  rmSync(folder, { recursive: true });
});

test("a claimed interface goes back to the host when the container stops, and is claimed again when it starts", async () => {
  await cpeWithWire("hand-home");
  const bng = await start(LEAST_PRIVILEGE, seven("hand-home"));
  await bng.until("ready", (status) => status.ready);
  await bng.restart();
  await bng.until("ready again", (status) => status.ready && status.subscriber.present);
  await docker.getContainer(bng.name).stop({ t: 3 });
  const { stdout } = await inLabHost(["ip", "-br", "link", "show"]);
  expect(stdout).toContain("hand-home");
  await stop(bng);
});

test("an absent subscriber interface is named, and served when it appears", async () => {
  const bng = await start(LEAST_PRIVILEGE, seven("hand-late"));
  const before = await bng.until("the tunnel is up", (status) => status.uplink.state === "up");
  expect(before.subscriber).toMatchObject({ present: false, interface: "hand-late" });
  expect(before.problems).toEqual([
    { code: "no-subscriber", message: "the interface hand-late is not in the host's namespace" },
  ]);
  const cpe = await cpeWithWire("hand-off");
  await inLabHost(["ip", "link", "set", "hand-off", "up"]);
  // The client is already asking, many times a second, when the interface gets the awaited name: no delegation may be
  // lost while the daemons start.
  const client = await dhcp6Client(cpe, "wan0");
  const answer = client({ message: "solicit", rapid: true, pd: [1], retransmitMs: 5 });
  await inLabHost(["sh", "-c", "ip link set hand-off down; ip link set hand-off name hand-late"]);
  await bng.until("ready", (status) => status.ready && status.problems.length === 0, 5000);
  expect(prefixesOf(await answer)).toEqual([FIRST]);
  await routesBecome(bng, [FIRST]);
  await stop(bng);
});

test("wrong variables are all named at once, without any secret, and the container stops", async () => {
  const secret = "not-a-key-but-secret";
  const bng = await start(SEED_OPTIONS, {
    ...seven("hand-bad"),
    WIREGUARD_PRIVATE_KEY: secret,
    ASSIGNED_PREFIX: "2001:db8:a::1/48",
    WIREGUARD_ENDPOINT: "192.0.2.42",
  });
  const { StatusCode } = (await docker.getContainer(bng.name).wait()) as { StatusCode: number };
  expect(StatusCode).toBe(2);
  const logs = await bng.logs();
  for (const variable of ["WIREGUARD_PRIVATE_KEY is not", "ASSIGNED_PREFIX: ", "WIREGUARD_ENDPOINT: "]) {
    expect(logs.split("\n").filter((line) => line.includes(`error: ${variable}`))).toHaveLength(1);
  }
  expect(logs).not.toContain(secret);
  await stop(bng);
});

test("docker run with a provider of lab.yaml in a file needs no variable; what is wrong is named by its line", async () => {
  const cpe = await cpeWithWire("hand-doc");
  const document = (preference: string): Settings => ({
    name: "hand",
    prefix: "2001:db8:a::/48",
    "wireguard.endpoint": far.endpoint,
    "wireguard.peer": far.publicKey,
    "wireguard.address": "2001:db8:0:a::2/64",
    "subscriber.interface": "hand-doc",
    "router-advertisement.preference": preference,
  });
  const key = { WIREGUARD_PRIVATE_KEY: far.bngPrivateKey };
  const bng = await start(SEED_OPTIONS, key, document("high"));
  expect(await bng.until("ready", (status) => status.ready)).toMatchObject({
    settings: { "router-advertisement.preference": "high" },
  });
  const client = await dhcp6Client(cpe, "wan0");
  expect(prefixesOf(await client({ message: "solicit", rapid: true, pd: [1] }))).toEqual([FIRST]);
  await stop(bng);
  const wrong = await start(SEED_OPTIONS, key, document("highest"));
  await docker.getContainer(wrong.name).wait();
  expect(await wrong.logs()).toMatch(/\/etc\/mhlab\/provider\.yaml:\d+:\d+: 'highest' is not possible here/);
  await stop(wrong);
});
