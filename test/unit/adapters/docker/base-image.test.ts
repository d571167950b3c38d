import Dockerode from "dockerode";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ensureBaseImage } from "../../../../src/adapters/docker/base-image.ts";
import { BASE_IMAGE_DIGEST } from "../../../../src/core/model/names.ts";

test("the base image is pulled by its digest, and gets its name", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${decodeURIComponent(request.url ?? "")}`);
    if (request.method === "GET") return void response.writeHead(404).end('{"message":"No such image"}');
    const isPull = request.url?.startsWith("/images/create") === true;
    response.writeHead(isPull ? 200 : 201).end(isPull ? '{"status":"Pull complete"}\n' : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const docker = new Dockerode({ protocol: "http", host: "127.0.0.1", port });
  expect(await ensureBaseImage(docker)).toBe("pulled");
  expect(BASE_IMAGE_DIGEST).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(asked).toEqual([
    "GET /images/node:24-trixie-slim/json",
    `POST /images/create?fromImage=node&tag=${BASE_IMAGE_DIGEST}`,
    `POST /images/node@${BASE_IMAGE_DIGEST}/tag?repo=node&tag=24-trixie-slim`,
  ]);
});
