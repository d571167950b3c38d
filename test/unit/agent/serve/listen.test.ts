import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { listen, send, type Answer } from "../../../../src/agent/serve/listen.ts";
import { RequestError } from "../../../../src/core/model/protocol/failure.ts";
import { fakeTime, until } from "../../support/fake-time.ts";
import { asked, Asker } from "./agent.ts";

async function listening(answer: Answer): Promise<string> {
  const path = join(mkdtempSync(join(tmpdir(), "mhlab-listen-")), "run", "agent.sock");
  const server = await listen(path, answer);
  onTestFinished(() => void server.close());
  return path;
}

const echo: Answer = async (socket, line) => {
  send(socket, { line });
  socket.end();
};

test("listens in a folder that it makes, for its own user only, in place of a stale socket", async () => {
  const path = await listening(echo);
  expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
  writeFileSync(`${path}.other`, "stale");
  const server = await listen(`${path}.other`, echo);
  onTestFinished(() => void server.close());
  expect(await asked(`${path}.other`, "hello\n")).toEqual([{ line: "hello" }]);
});

test("only the first line is a request, in however many pieces it comes", async () => {
  const path = await listening(echo);
  const asker = new Asker(path, "he");
  asker.socket.write("llo\nand more\n");
  expect(await asker.ended()).toEqual([{ line: "hello" }]);
});

test("who asks nothing is told nothing", async () => {
  const asker = new Asker(await listening(echo), "");
  asker.socket.end();
  expect(await asker.ended()).toEqual([]);
});

test("who got an error and goes on talking is cut off after 2 s", async () => {
  const { pass } = fakeTime();
  const path = await listening(async () => {
    throw new RequestError("bad-request", "no");
  });
  const socket = connect({ path, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  let ended = false;
  let text = "";
  socket.on("error", () => {});
  socket.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  socket.once("end", () => (ended = true));
  socket.write("dance\n");
  await until(() => ended);
  expect(JSON.parse(text)).toEqual({ error: "no", code: "bad-request", exitCode: 2 });
  await pass(1999);
  socket.write("more\n");
  await new Promise((resolve) => void setImmediate(resolve));
  expect(socket.destroyed).toBe(false);
  await pass(1);
  await until(() => {
    socket.write("more\n");
    return socket.destroyed;
  });
});
