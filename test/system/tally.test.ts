/** What reads the tables of a BNG's port (images/tally), as it is in the image, against nft(8) and ip(8) of the same image. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Container } from "dockerode";
import { HEARD_WORDS, parseHeard, renderHeard } from "../../src/core/render/bng/neighbours.ts";
import { nftObjects } from "../../src/core/render/bng/nft.ts";
import { COUNTED_WORDS, parseCounted, renderSourceSets } from "../../src/core/render/bng/source-sets.ts";
import { docker, imageOf, paths, run, useSandbox, type CommandResult } from "./support/sandbox.ts";

useSandbox();

const TALLY = "/usr/local/lib/mhlab/tally";
const NFT = ["nft", "-j", "list"];
const MAC = "02:00:00:00:00:01";

let container: Container;

beforeAll(async () => {
  const bng = await imageOf("bng");
  container = await docker.createContainer({
    Image: bng,
    Entrypoint: ["sleep", "600"],
    HostConfig: { NetworkMode: "none", CapAdd: ["NET_ADMIN"] },
  });
  await container.start();
  await inside(["ip", "link", "add", "port", "type", "veth", "peer", "name", "far"]);
  await inside(["ip", "link", "set", "dev", "port", "up"]);
  await inside(["nft", "-f", "-"], `${renderSourceSets()}\n${renderHeard("port")}`);
});

afterAll(async () => {
  await container.remove({ force: true });
});

/** Runs a command there. */
async function tryInside(
  argv: readonly string[],
  options: { input?: string; check?: boolean } = {},
): Promise<CommandResult> {
  const env = { DOCKER_HOST: `unix://${paths.socket}` };
  return await run(["docker", "exec", "-i", container.id, ...argv], { ...options, env });
}

async function inside(argv: readonly string[], input = ""): Promise<string> {
  return (await tryInside(argv, { input })).stdout;
}

const elements = (set: string, values: readonly string[]): string =>
  `add element netdev ${set} { ${values.join(", ")} }\n`;

test("tells the same as nft and ip", async () => {
  await inside(
    ["nft", "-f", "-"],
    elements("mhlab-heard macs", [MAC, `02:00:00:00:00:02 expires 10s`]) +
      elements("mhlab-heard linklocals", [`${MAC} . fe80::1`]) +
      elements("mhlab-heard dhcpv6", [MAC]) +
      elements("mhlab leaksources", ["2001:db8::bad counter packets 7 bytes 700", "fe80::bad"]),
  );
  await inside(["ip", "neigh", "add", "2001:db8::5", "lladdr", MAC, "dev", "port", "nud", "permanent"]);
  await inside(["ip", "neigh", "add", "2001:db8::6", "lladdr", MAC, "dev", "port", "nud", "noarp"]);
  await inside(["ip", "neigh", "add", "2001:db8::7", "lladdr", MAC, "dev", "far"]);
  // Nobody answered for it: it has no MAC.
  await inside(["ip", "neigh", "add", "2001:db8::8", "dev", "port", "nud", "failed"]);
  const [rules = "", known = ""] = (
    await inside([TALLY, ...COUNTED_WORDS, ...HEARD_WORDS, "neighbours", "port"])
  ).split("\n");
  const heard = parseHeard(rules);
  expect(heard).toMatchObject([
    { mac: MAC, linkLocal: "fe80::1", sent: ["dhcpv6"] },
    { mac: "02:00:00:00:00:02", ageS: expect.closeTo(3590, -1) },
  ]);
  const ages = expect.any(Number) as number;
  expect(parseHeard(await inside([...NFT, "table", "netdev", "mhlab-heard"]))).toEqual(
    heard.map((one) => ({ ...one, ageS: ages })),
  );
  const counted = parseCounted(rules);
  expect(counted.leaks.addresses).toEqual([
    { direction: "up", address: "2001:db8::bad", packets: 7 },
    { direction: "up", address: "fe80::bad", packets: 0 },
  ]);
  const listed = await Promise.all(
    [
      ["counters", "table", "netdev", "mhlab"],
      ["set", "netdev", "mhlab", "leaksources"],
    ].map((words) => inside([...NFT, ...words])),
  );
  expect(parseCounted(listed.join("\n"))).toEqual(counted);
  expect(nftObjects<{ counter?: { name: string } }>(rules).flatMap(({ counter }) => counter ?? [])).toEqual([
    { name: "flooded", packets: 0 },
    { name: "wrapped", packets: 0 },
    { name: "unassigned", packets: 0 },
    { name: "leaksup", packets: 0 },
    { name: "leaksdown", packets: 0 },
  ]);
  const { neighbours } = JSON.parse(known) as { neighbours: object[] };
  expect(neighbours).toEqual([{ dst: "2001:db8::5", lladdr: MAC }]);
  const shown = JSON.parse(await inside(["ip", "-6", "-j", "neigh", "show", "dev", "port"])) as object[];
  expect(shown).toContainEqual({ dst: "2001:db8::8", state: ["FAILED"] });
  expect(shown.filter((one) => "lladdr" in one)).toMatchObject(neighbours);
});

test("tells all of a set that fills many messages, also while it changes", async () => {
  const addresses = Array.from({ length: 1000 }, (_, index) => `2001:db8:1::${(index + 1).toString(16)}`);
  await inside(["nft", "-f", "-"], elements("mhlab leaksources", addresses));
  const change =
    "add element netdev mhlab leaksources { 2001:db8:2::1 }\\ndelete element netdev mhlab leaksources { 2001:db8:2::1 }\\n";
  const script = `
    (for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do printf '${change}' | nft -f -; done) &
    for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do ${TALLY} ${COUNTED_WORDS.join(" ")} || exit; done
    wait`;
  const lines = (await inside(["sh", "-c", script])).split("\n").filter((line) => line.includes("nftables"));
  expect(lines).toHaveLength(20);
  for (const line of lines) {
    const told = new Set(parseCounted(line).leaks.addresses.map(({ address }) => address));
    expect(addresses.filter((address) => !told.has(address))).toEqual([]);
  }
});

test.each([
  [["set", "mhlab", "nothing"], 1, /No such file or directory/],
  [["set", "x".repeat(5000), "nothing"], 1, /Invalid argument/],
  [["set", "mhlab"], 2, /^usage: tally/],
  [["rules"], 2, /^usage: tally/],
])("refuses %s", async (words, code, complaint) => {
  const result = await tryInside([TALLY, ...words], { check: false });
  expect(result.code).toBe(code);
  expect(result.stderr).toMatch(complaint);
});
