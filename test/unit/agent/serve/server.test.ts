import { expect, test } from "vitest";
import { asked, startAgent } from "./agent.ts";

test("a status names its protocol and role", async () => {
  const { socket } = await startAgent();
  expect(await asked(socket, "status\n")).toMatchObject([{ protocol: 1, role: "bng", name: "alpha" }]);
});

test("a request without an end of line is answered when its asker has said all", async () => {
  const { Asker } = await import("./agent.ts");
  const { socket } = await startAgent();
  const asker = new Asker(socket, "status");
  asker.socket.end();
  expect(await asker.ended()).toMatchObject([{ name: "alpha" }]);
});

test.each([
  ["no verb", "\n", "unknown-request"],
  ["a verb that nobody knows", "dance\n", "unknown-request"],
  ["a name of every object", "constructor\n", "unknown-request"],
  ["a stream that the role does not have", "arrivals\n", "unknown-request"],
  ["a word too many", "status now\n", "bad-request"],
  ["a place that is none", "events since=yesterday\n", "bad-request"],
  ["a NUL", "status\0\n", "bad-request"],
  ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x80, 0x0a]), "bad-request"],
  ["more than a request may be", "status ".repeat(10_000), "bad-request"],
])("%s is answered with an error that says so", async (_, request, code) => {
  const { socket } = await startAgent();
  expect(await asked(socket, request)).toEqual([{ error: expect.any(String) as string, code, exitCode: 2 }]);
});

test("what fails while it is done is another error", async () => {
  const { socket } = await startAgent({
    resync: async () => {
      throw new Error("no keys");
    },
  });
  expect(await asked(socket, "resync\n")).toEqual([{ error: "no keys", code: "failed", exitCode: 1 }]);
});

test.each(["resync", "all status", "all events"])(
  "'%s' is not taken from others of the lab",
  async (request) => {
    const { socket } = await startAgent({ way: "shared" });
    const [verb = ""] = request.split("\n");
    expect(await asked(socket, `${request}\n`)).toEqual([
      { error: `unknown request '${verb}'; known are status, events`, code: "unknown-request", exitCode: 2 },
    ]);
  },
);
