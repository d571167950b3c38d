import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Operation, Patch } from "../../../src/core/model/protocol/patch.ts";
import { followEvents, type EventLine } from "../support/events.ts";
import { docker, eventually } from "../support/sandbox.ts";
import { FIRST, stop, useBng, withClient } from "./fixture.ts";

useBng();

const PATH = ["delegations", FIRST];

/** The operation about the first delegation. */
function operationOf(line: EventLine | undefined): Operation | undefined {
  return (line?.["patch"] as Patch | undefined)?.find(({ path }) => path.join() === PATH.join());
}
const isDelegation =
  (op: Operation["op"]) =>
  (line: EventLine): boolean =>
    operationOf(line)?.op === op;

test("a lease that comes, is renewed and goes is that lease: small, in order, dated, and resumed after a break", async () => {
  const { bng, send } = await withClient();
  const stream = followEvents(bng.name, ["events", "attached"]);
  await stream.until(({ event }) => event === "snapshot");
  const [snapshot] = stream.lines;
  expect(snapshot).toMatchObject({
    node: "hand",
    role: "bng",
    epoch: expect.stringMatching(/^[0-9a-f]{12}$/) as string,
    status: { protocol: 1, role: "bng", delegations: [] },
  });

  const begun = Date.now();
  await send({ message: "solicit", rapid: true, pd: [1] });
  const came = await stream.until(isDelegation("add"));
  const lease = stream.lines[came];
  expect(operationOf(lease)).toMatchObject({ index: 0, value: { prefix: FIRST, iaid: 1 } });
  expect(JSON.stringify(operationOf(lease)).length).toBeLessThan(400);
  expect(lease?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  expect(Math.abs(Date.parse(lease?.at ?? "") - begun)).toBeLessThan(4000);

  await eventually(async () => expect((await bng.status()).delegations[0]?.routed).toBe(true));
  const before = stream.lines.length;
  // Kea counts whole seconds.
  await sleep(1100);
  await send({ message: "renew", pd: [1] });
  const renewed = await stream.until(isDelegation("replace"), before);
  expect(operationOf(stream.lines[renewed])).toMatchObject({ value: { prefix: FIRST, routed: true } });

  const numbered = stream.lines.filter(({ event }) => event !== "snapshot" && event !== "alive");
  const first = snapshot?.seq ?? 0;
  expect(numbered.map(({ seq }) => seq)).toEqual(numbered.map((_, index) => first + 1 + index));
  const times = numbered.map(({ monotonicS }) => monotonicS);
  expect(times).toEqual([...times].sort((one, other) => one - other));

  // Away while the lease goes: that is told at the return.
  const last = numbered.at(-1)?.seq ?? 0;
  const epoch = String(snapshot?.["epoch"]);
  stream.leave();
  expect((await send({ message: "release", pd: [1] })).message).toBe("reply");
  await eventually(async () => expect((await bng.status()).delegations).toEqual([]));
  const again = followEvents(bng.name, ["events", "attached", `since=${epoch}:${last}`]);
  const gone = await again.until(isDelegation("remove"));
  expect(operationOf(again.lines[gone])).toMatchObject({ value: { prefix: FIRST } });
  expect(again.lines[0]).toMatchObject({ event: "resumed", seq: last, epoch });
  expect(again.lines[1]).toMatchObject({ seq: last + 1 });

  // A killed agent is another life: its numbers mean nothing to those who knew the other one.
  const container = docker.getContainer(bng.name);
  await container.kill();
  await container.start();
  const anew = followEvents(bng.name, ["events", "attached", `since=${epoch}:${last}`]);
  await anew.until(({ event }) => event === "snapshot");
  expect(anew.lines[0]?.["epoch"]).not.toBe(epoch);
  await stop(bng);
});

test("the shell front ends as the agent says: 0 done, 2 a wrong request, 1 one that failed", async () => {
  const { bng } = await withClient();
  const ask = async (words: readonly string[]): Promise<[number, EventLine | undefined]> => {
    const stream = followEvents(bng.name, words);
    return [await stream.ended(), stream.lines[0]];
  };
  expect(await ask(["resync"])).toEqual([0, { ok: true }]);
  expect(await ask(["dance"])).toMatchObject([2, { code: "unknown-request", exitCode: 2 }]);
  expect(await ask(["events", "since=yesterday"])).toMatchObject([2, { code: "bad-request" }]);
  await bng.exec(["rm", "/run/mhlab/agent.sock"]);
  expect(await ask(["status"])).toMatchObject([1, { code: "not-listening", exitCode: 1 }]);
  await stop(bng);
});
