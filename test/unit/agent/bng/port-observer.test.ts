import { expect, test } from "vitest";
import { PortObserver } from "../../../../src/agent/bng/port-observer.ts";
import type { Neighbour } from "../../../../src/core/model/status/model.ts";
import { testClock } from "../serve/clock.ts";

const neighbour: Neighbour = {
  mac: "02:00:00:00:00:01",
  administered: "local",
  linkLocal: null,
  lastSeenAt: "2026-11-24T12:00:00Z",
  sent: [],
  addresses: [],
};

function observed() {
  const port = { looks: 0, loads: 1, received: "3 100" as string | undefined, clock: testClock() };
  const observer = new PortObserver({
    port: () => "sub-alpha",
    rules: {
      get loads() {
        return port.loads;
      },
      sinceS: 5,
      observe: async () => {
        port.looks += 1;
        return {
          leaks: { up: port.looks, down: 0, addresses: [] },
          flooded: { packets: 0, senders: [] },
          dropped: { wrapped: 0, unassigned: 0 },
          neighbours: [],
          entries: [],
          sinceS: 5,
        };
      },
    },
    neighbours: { tell: () => [neighbour] },
    clock: port.clock,
    received: () => port.received,
  });
  return { port, observer };
}

test("while nothing comes by the port, nobody looks", async () => {
  const { port, observer } = observed();
  await observer.observe(0);
  port.clock.pass(5);
  const { leaks, neighbours } = await observer.observe(0);
  expect([port.looks, leaks.up, neighbours[0]?.lastSeenAt]).toEqual([1, 1, neighbour.lastSeenAt]);
});

test.each([
  ["a packet", "3 101"],
  ["a port that was made anew", "4 100"],
  ["a port that went", undefined],
])("%s is reason to look, unless what is known is new enough", async (_, received) => {
  const { port, observer } = observed();
  await observer.observe(0);
  port.clock.pass(1);
  port.received = received;
  expect((await observer.observe(1001)).leaks.up).toBe(1);
  expect((await observer.observe(1000)).leaks.up).toBe(2);
});

test("so are rules that were loaded anew, what changes without a packet, and a minute", async () => {
  const { port, observer } = observed();
  await observer.observe(0);
  port.loads = 2;
  await observer.observe(0);
  expect(port.looks).toBe(2);
  observer.forget();
  await observer.observe(0);
  expect(port.looks).toBe(3);
  port.clock.pass(60.001);
  await observer.observe(0);
  expect(port.looks).toBe(4);
});

test("what comes during a look makes the next one", async () => {
  const { port, observer } = observed();
  const looking = observer.observe(0);
  port.received = "3 101";
  await looking;
  await observer.observe(0);
  expect(port.looks).toBe(2);
});

test("a look during which it was forgotten is none to keep", async () => {
  const { port, observer } = observed();
  const looking = observer.observe(0);
  observer.forget();
  await looking;
  await observer.observe(0);
  expect(port.looks).toBe(2);
});

test("the first rules of all have counted nothing: nobody looks at them until that would be too old", async () => {
  const { port, observer } = observed();
  port.loads = 0;
  expect((await observer.observe(0)).neighbours).toEqual([]);
  port.loads = 1;
  expect((await observer.observe(1000)).neighbours).toEqual([]);
  port.clock.pass(0.999);
  observer.forget();
  expect((await observer.observe(1000)).leaks.up).toBe(0);
  expect(port.looks).toBe(0);
  port.clock.pass(0.001);
  expect((await observer.observe(1000)).leaks.up).toBe(1);
});

test("whoever wants to know it now is told what the first rules have heard since", async () => {
  const { port, observer } = observed();
  expect((await observer.observe(0)).neighbours).toHaveLength(1);
  expect(port.looks).toBe(1);
});
