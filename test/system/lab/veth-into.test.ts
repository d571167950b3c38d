/** A veth into a namespace heals by itself, whichever comes first; into a container, by the next `up`. */
import { expect, test } from "vitest";
import { inContainer } from "../support/host-link.ts";
import { docker, eventually, inLabHost, mhlab } from "../support/sandbox.ts";
import { ALPHA, BETA, containersOf, statusOf, succeed, useLabs, writeLab } from "./fixture.ts";

useLabs();

const NETNS = "cpe-late";
const netns = (...words: string[]): ReturnType<typeof inLabHost> => inLabHost(["ip", "netns", ...words]);
const inNetns = (...words: string[]): ReturnType<typeof inLabHost> =>
  inLabHost(["nsenter", `--net=/run/netns/${NETNS}`, "--", ...words]);

/** The link is there, up, and the provider is heard on it. */
const isThere = (): Promise<void> =>
  eventually(
    async () => {
      expect((await inNetns("ip", "-br", "link", "show", "dev", "wan0")).stdout).toMatch(/\bUP\b/);
    },
    { timeoutMs: 8000 },
  );

test("a namespace that comes later, goes and comes again has the link each time, with no command; nothing was made in its place", async () => {
  const file = writeLab("netns", [
    { ...ALPHA, subscriber: `{veth: {name: wan0, into: "netns:${NETNS}"}}` },
    { ...BETA, subscriber: "{veth: w-beta}" },
  ]);
  const { stderr } = await succeed(["up", file]);
  expect(stderr).toContain(`wan0 waits for the namespace ${NETNS}`);
  expect((await inLabHost(["ls", "/run/netns"])).stdout).not.toContain(NETNS);
  try {
    await netns("add", NETNS);
    await isThere();
    await eventually(async () => expect((await statusOf("netns")).healthy).toBe(true));

    await netns("del", NETNS);
    await eventually(async () =>
      expect((await statusOf("netns")).providers[0]?.problems.map(({ code }) => code)).toContain(
        "not-delivered",
      ),
    );
    await netns("add", NETNS);
    await isThere();
    await docker.getContainer((await containersOf("netns"))["alpha"] ?? "").restart({ t: 3 });
    await isThere();
    expect((await inLabHost(["ip", "-br", "link"])).stdout).not.toContain("mhv");
  } finally {
    await netns("del", NETNS);
  }
});

test("a container that is not there yet is waited for, and the next up brings the link in; so it is when it restarted", async () => {
  const image = (await docker.listImages())
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .find((tag) => tag.startsWith("mhlab/bng:"));
  const file = writeLab("into", [
    { ...ALPHA, subscriber: "{veth: {name: wan1, into: 'container:h-openwrt'}}" },
  ]);
  const early = await succeed(["up", file]);
  const waits = "wan1 is not in container:h-openwrt yet; `mhlab up` puts it there while that runs";
  expect(early.stderr).toContain(waits);
  const target = await docker.createContainer({
    name: "h-openwrt",
    Image: image ?? "",
    Entrypoint: ["sleep", "infinity"],
    Cmd: [],
    StopTimeout: 0,
    HostConfig: {
      NetworkMode: "none",
      Sysctls: { "net.ipv6.conf.all.disable_ipv6": "0", "net.ipv6.conf.default.disable_ipv6": "0" },
    },
  });
  const link = (): Promise<string> => inContainer("h-openwrt", ["ip", "-br", "link", "show", "dev", "wan1"]);
  try {
    await target.start();
    await succeed(["up", file]);
    expect(await link()).toMatch(/\bUP\b/);
    await target.restart({ t: 0 });
    await eventually(async () =>
      expect((await statusOf("into")).providers[0]?.problems.map(({ message }) => message)).toContain(waits),
    );
    await succeed(["up", file]);
    expect(await link()).toMatch(/\bUP\b/);
    expect((await mhlab(["status", "into"])).code).toBe(0);
  } finally {
    await target.remove({ force: true });
  }
});
