import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EventStreams } from "../../../src/agent/serve/event-streams.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Somebody who follows; only what a stream does with a socket. */
function follower() {
  const heard: unknown[] = [];
  const socket = Object.assign(new EventEmitter(), {
    destroyed: false,
    write: (line: string) => heard.push((JSON.parse(line) as { status: unknown }).status),
    destroy: () => {},
  });
  return { heard, socket: socket as unknown as Socket };
}

/** An appliance whose status takes a while to be made of what is at the beginning. */
function appliance() {
  let state = "starting";
  const streams = new EventStreams(async () => {
    const seen = state;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return seen;
  });
  const become = (next: string): Promise<void> => {
    state = next;
    return streams.publish();
  };
  return { streams, become };
}

test("a change while the snapshot is made is told after it", async () => {
  const { streams, become } = appliance();
  const { heard, socket } = follower();
  const opened = streams.open(socket, []);
  await become("ready");
  await vi.runAllTimersAsync();
  await opened;
  expect(heard).toEqual(["starting", "ready"]);
});

test("a follower who comes while others are told the news hears it too", async () => {
  const { streams, become } = appliance();
  const [early, late] = [follower(), follower()];
  void streams.open(early.socket, []);
  await vi.runAllTimersAsync();
  void streams.open(late.socket, []);
  void become("ready");
  await vi.runAllTimersAsync();
  expect(early.heard).toEqual(["starting", "ready"]);
  expect(late.heard).toEqual(["starting", "ready"]);
});

test("nothing is told twice, and nothing to who left", async () => {
  const { streams, become } = appliance();
  const [stays, leaves] = [follower(), follower()];
  void streams.open(stays.socket, []);
  void streams.open(leaves.socket, []);
  await vi.runAllTimersAsync();
  leaves.socket.emit("close");
  void become("starting");
  await vi.runAllTimersAsync();
  void become("ready");
  await vi.runAllTimersAsync();
  expect(stays.heard).toEqual(["starting", "ready"]);
  expect(leaves.heard).toEqual(["starting"]);
});
