/** A veth into a namespace or a container heals by itself, whichever comes first. */
import type Docker from "dockerode";
import { expect, test } from "vitest";
import { inContainer } from "../support/host-link.ts";
import { docker, eventually, inLabHost, mhlab } from "../support/sandbox.ts";
import { ALPHA, BETA, containersOf, statusOf, succeed, useLabs, writeLab } from "./fixture.ts";

useLabs();

const NETNS = "cpe-late";
const OPENWRT = "h-openwrt";
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

/** A container of the user's, with a network of its own. */
async function startTarget(): Promise<Docker.Container> {
  const image = (await docker.listImages())
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .find((tag) => tag.startsWith("mhlab/bng:"));
  const target = await docker.createContainer({
    name: OPENWRT,
    Image: image ?? "",
    Entrypoint: ["sleep", "infinity"],
    Cmd: [],
    StopTimeout: 0,
    HostConfig: {
      NetworkMode: "none",
      CapAdd: ["NET_ADMIN"],
      Sysctls: { "net.ipv6.conf.all.disable_ipv6": "0", "net.ipv6.conf.default.disable_ipv6": "0" },
    },
  });
  await target.start();
  return target;
}

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

test("a container that comes later, restarts, or is made anew under its name has the link each time, with no command", async () => {
  const file = writeLab("into", [
    { ...ALPHA, subscriber: `{veth: {name: wan1, into: 'container:${OPENWRT}'}}` },
  ]);
  const early = await succeed(["up", file]);
  expect(early.stderr).toContain(
    `wan1 waits for the container ${OPENWRT}, and the lab's keeper brings it in`,
  );
  const isIn = (): Promise<void> =>
    eventually(
      async () =>
        expect(await inContainer(OPENWRT, ["ip", "-br", "link", "show", "dev", "wan1"])).toMatch(/\bUP\b/),
      { timeoutMs: 10_000 },
    );
  let target = await startTarget();
  try {
    await isIn();
    await eventually(async () => expect((await statusOf("into")).healthy).toBe(true));
    await target.restart({ t: 0 });
    await isIn();

    await target.remove({ force: true });
    await eventually(async () =>
      expect((await statusOf("into")).providers[0]?.problems.map(({ code }) => code)).toContain(
        "not-delivered",
      ),
    );
    target = await startTarget();
    await isIn();
    // As after a restart of the engine: all come again, in any order.
    const { alpha = "", keeper = "" } = await containersOf("into");
    await Promise.all([keeper, OPENWRT, alpha].map((one) => docker.getContainer(one).restart({ t: 0 })));
    await isIn();
    await eventually(async () => expect((await statusOf("into")).healthy).toBe(true));
    await succeed(["restart", "alpha", "--lab", "into"]);
    await isIn();
    expect((await succeed(["up", file, "--dry-run"])).stdout).toContain("nothing to change");
  } finally {
    await target.remove({ force: true });
  }
});

test("up and the keeper say why a link does not get into a container", async () => {
  const file = writeLab("refused", [
    { ...ALPHA, subscriber: `{veth: {name: wan2, into: 'container:${OPENWRT}'}}` },
  ]);
  const target = await startTarget();
  try {
    await inContainer(OPENWRT, ["ip", "link", "add", "name", "wan2", "type", "veth"]);
    const { code, stderr } = await mhlab(["up", file]);
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(stderr).toContain("MHLAB_VETH_TARGET");
    expect(stderr).toContain("there is an interface wan2 already");
    expect((await succeed(["logs", "keeper", "--lab", "refused"])).stdout).toContain(
      `wan2 does not get into container:${OPENWRT}: there is an interface wan2 already`,
    );
    await inContainer(OPENWRT, ["ip", "link", "del", "dev", "wan2"]);
    await succeed(["restart", "keeper", "--lab", "refused"]);
    await eventually(async () => expect((await statusOf("refused")).healthy).toBe(true));
  } finally {
    await target.remove({ force: true });
  }
});
