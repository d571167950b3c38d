import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Web } from "../../../../src/agent/internet/web.ts";
import type { InternetConfig } from "../../../../src/core/model/internet/config.ts";

const PORT = 18_080;
const open: Socket[] = [];
let web: Web | undefined;

afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
  web?.stop();
});

/** A connection that says half a request, and whether it was closed. */
async function halfOpen(address: string): Promise<Socket> {
  const socket = connect({ host: "::1", localAddress: address, port: PORT });
  socket.on("error", () => {});
  open.push(socket);
  await once(socket, "connect");
  socket.write("GET / HTTP/1.1\r\nHost: ");
  return socket;
}

async function ask(): Promise<string> {
  const outgoing = request({ host: "::1", port: PORT, path: "/", agent: false });
  outgoing.end();
  const [response] = (await once(outgoing, "response")) as [import("node:http").IncomingMessage];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return text;
}

test("half-open requests are few of one customer, and none lasts", async () => {
  web = new Web(() => ({ peers: [] }) as unknown as InternetConfig, { port: PORT });
  web.start();
  await expect.poll(() => web?.listening).toBe(true);
  for (let number = 0; number < 200; number++) await halfOpen("::1");
  await expect
    .poll(() => open.filter(({ closed }) => !closed).length, { timeout: 4000 })
    .toBeLessThanOrEqual(64);
  // All are gone before a client would have given up, and then it is served.
  await expect.poll(() => open.every(({ closed }) => closed), { timeout: 12_000 }).toBe(true);
  await expect.poll(ask).toContain("You are ::1");
}, 20_000);
