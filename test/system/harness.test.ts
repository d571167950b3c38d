import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { docker, eventually, inLabHost, newNetns, useSandbox } from "./support/sandbox.ts";

useSandbox();

test("far sides talk over a link in the lab host, and leave nothing when they go", async () => {
  const machine = readdirSync("/sys/class/net");
  const one = await newNetns("far");
  const other = await newNetns("cpe");
  await inLabHost([
    "ip",
    "link",
    "add",
    "vh1",
    "netns",
    one.name,
    "type",
    "veth",
    "peer",
    "name",
    "vh2",
    "netns",
    other.name,
  ]);
  await one.run(["ip", "addr", "add", "2001:db8:f::1/64", "dev", "vh1", "nodad"]);
  await one.run(["ip", "link", "set", "vh1", "up"]);
  await other.run(["ip", "addr", "add", "2001:db8:f::2/64", "dev", "vh2", "nodad"]);
  await other.run(["ip", "link", "set", "vh2", "up"]);
  await eventually(() => other.run(["ping", "-6", "-c", "1", "-W", "1", "2001:db8:f::1"]));
  expect(readdirSync("/sys/class/net")).toEqual(machine);

  const sleeper = await one.start(["sleep", "300"]);
  const ended = new Promise((resolve) => sleeper.once("close", resolve));
  await one.remove();
  await other.remove();
  await ended;
  const { stdout } = await inLabHost(["ip", "netns", "list"]);
  expect(stdout).not.toMatch(new RegExp(`${one.name}|${other.name}`));
});

test("the shared engine answers and a failing command says what it said", async () => {
  expect((await docker.ping()).toString()).toBe("OK");
  await expect(inLabHost(["ip", "link", "show", "nosuch"])).rejects.toThrow(/exit code 1\n[^]*nosuch/);
  expect(await inLabHost(["sh", "-c", "exit 7"], { check: false })).toMatchObject({ code: 7 });
});
