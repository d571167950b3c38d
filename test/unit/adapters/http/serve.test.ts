/** Who is answered by a server on loopback, and that nobody else is told anything. */
import { createServer, request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { serveWeb } from "../../../../src/adapters/http/serve.ts";
import type { RunningServer, WebRoute } from "../../../../src/app/ports/web-server.ts";
import { MhlabError } from "../../../../src/core/model/errors.ts";

const TOKEN = "0123456789abcdef";
const routes: readonly WebRoute[] = [
  { method: "GET", path: "/", answer: () => ({ kind: "text", type: "text/html", text: "the page" }) },
  {
    method: "GET",
    path: "/api/{name}",
    answer: ({ path, query }) => ({ kind: "json", value: { ...path, q: query.get("q") } }),
  },
  {
    method: "GET",
    path: "/document",
    answer: () => ({ kind: "bytes", type: "text/html", bytes: Buffer.from("x"), policy: "sandbox" }),
  },
  { method: "POST", path: "/api/{name}", answer: ({ body }) => ({ kind: "json", value: body }) },
  {
    method: "GET",
    path: "/stream",
    answer: ({ signal }) => ({
      kind: "stream",
      type: "text/plain",
      write: async (out) => {
        out("begun\n");
        await new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => resolve(), { once: true }),
        );
        left();
      },
    }),
  },
];
let left: () => void = () => {};
let server: RunningServer;
beforeEach(async () => {
  server = await serveWeb({
    port: 0,
    routes,
    token: TOKEN,
    failed: (error) => ({ status: error instanceof MhlabError ? 400 : 500, value: { error: String(error) } }),
  });
});
afterEach(() => server.close());

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask({ method = "GET", path = "/", headers = {}, body }: Sent): Promise<{
  status: number | undefined;
  headers: IncomingMessage["headers"];
  text: string;
}> {
  const { port } = server;
  return await new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => (text += piece));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    asked.once("error", reject);
    asked.end(body);
  });
}

const bearer = { authorization: `Bearer ${TOKEN}` };
const own = (): string => `http://127.0.0.1:${server.port}`;
const cookie = (): string => `mhlab-${server.port}=${TOKEN}`;

test("the first URL makes the token a cookie that no script reads and no other site sends, and leaves it out of the address", async () => {
  expect(server.url).toBe(`${own()}/?token=${TOKEN}`);
  const { status, headers } = await ask({ path: `/?token=${TOKEN}` });
  expect([status, headers.location, headers["set-cookie"]]).toEqual([
    303,
    "/",
    [`mhlab-${server.port}=${TOKEN}; HttpOnly; SameSite=Strict; Path=/`],
  ]);
  expect((await ask({ headers: { cookie: `other=1; ${cookie()}` } })).text).toBe("the page");
});

describe("403, and nothing is told", () => {
  const evil = "http://evil.example";
  test.each<[string, () => Sent]>([
    ["no token", () => ({})],
    ["a wrong token", () => ({ path: "/?token=0123456789abcdeX" })],
    ["a wrong bearer token", () => ({ headers: { authorization: "Bearer 0123" } })],
    ["the cookie of another port's", () => ({ headers: { cookie: `mhlab-1=${TOKEN}` } })],
    ["the token where it does not count", () => ({ path: `/api/x?token=${TOKEN}` })],
    ["another Host, by DNS that points here", () => ({ headers: { ...bearer, host: "evil.example" } })],
    ["the Host of another port", () => ({ headers: { ...bearer, host: "127.0.0.1:1" } })],
    ["a page of another site", () => ({ headers: { cookie: cookie(), origin: evil } })],
    ["a page without an origin", () => ({ headers: { cookie: cookie(), origin: "null" } })],
    ["a link on another site", () => ({ headers: { cookie: cookie(), "sec-fetch-site": "cross-site" } })],
    [
      "another port of the same machine",
      () => ({ headers: { cookie: cookie(), "sec-fetch-site": "same-site" } }),
    ],
    [
      "the first URL on another site",
      () => ({ path: `/?token=${TOKEN}`, headers: { "sec-fetch-site": "cross-site" } }),
    ],
    [
      "a form of another site",
      () => ({ method: "POST", path: "/api/x", headers: { cookie: cookie(), origin: evil } }),
    ],
    [
      "a POST by cookie without an origin",
      () => ({ method: "POST", path: "/api/x", headers: { cookie: cookie() } }),
    ],
    ["a path that there is not", () => ({ path: "/api/none/of/these" })],
    ["a target that is none", () => ({ path: "*", headers: bearer })],
  ])("%s", async (_, sent) => {
    const { status, text, headers } = await ask(sent());
    expect([status, text, headers["set-cookie"]]).toEqual([403, "403\n", undefined]);
  });
});

test("whoever knows the token is answered, and told what there is not", async () => {
  const answers = await Promise.all([
    ask({ path: "/api/a%20b?q=1", headers: bearer }),
    ask({ path: "/api/x/y", headers: bearer }),
    ask({ method: "PUT", path: "/api/x", headers: bearer }),
    ask({ path: "/api/%ff", headers: bearer }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 405, 404]);
  expect(JSON.parse(answers[0]?.text ?? "")).toEqual({ name: "a b", q: "1" });
});

test("a browser may run, load and show nothing from elsewhere", async () => {
  const { headers } = await ask({ headers: bearer });
  const policy = String(headers["content-security-policy"]);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe");
  expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
});

test("a document of its own has its own policy instead, and is loaded by nobody else", async () => {
  const { headers } = await ask({ path: "/document", headers: { authorization: `Bearer ${TOKEN}` } });
  expect(headers).toMatchObject({
    "content-security-policy": "sandbox",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
  });
  // A browser shows no sandboxed document that has it.
  expect(headers).not.toHaveProperty("cross-origin-opener-policy");
});

test("a POST is JSON of a page's own, or of a program, and not too much of it", async () => {
  const post = async (body: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> =>
    (await ask({ method: "POST", path: "/api/x", body, headers })).status;
  const json = { "content-type": "application/json" };
  expect(await post('{"a":1}', { ...json, ...bearer })).toBe(200);
  expect(await post('{"a":1}', { ...json, cookie: cookie(), origin: own() })).toBe(200);
  expect(await post('{"a":1}', { ...bearer, "content-type": "text/plain" })).toBe(400);
  expect(await post('{"a":', { ...json, ...bearer })).toBe(400);
  expect(await post(JSON.stringify("x".repeat(70_000)), { ...json, ...bearer })).toBe(400);
});

test("a stream learns that its client went", async () => {
  const gone = new Promise<void>((resolve) => (left = resolve));
  const response = await fetch(`${own()}/stream`, { headers: bearer });
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("begun\n");
  await reader?.cancel();
  await gone;
});

test("a port that is taken is an error when it was asked for", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const failed = (): never => {
    throw new Error("unused");
  };
  await expect(serveWeb({ port, routes, token: TOKEN, failed })).rejects.toMatchObject({
    code: "MHLAB_PORT",
  });
  other.close();
});
