import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type {
  RunningServer,
  ServeWeb,
  WebAnswer,
  WebRequest,
  WebRoute,
  WebServerOptions,
} from "../../app/ports/web-server.ts";
import { HostError, MhlabError } from "../../core/model/errors.ts";
import { errnoOf } from "../../core/model/file-trouble.ts";
import { Guard } from "./guard.ts";
import { matcher } from "./match.ts";

const LOOPBACK = "127.0.0.1";
const USUAL_PORT = 6464;
const MOST_BODY = 64 * 1024;
/** One who does not read has at most so much waiting for him. */
const MOST_UNSENT = 16 * 1024 * 1024;

/** Nothing from elsewhere, nothing in the markup, nobody around it. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const HEADERS = {
  "Content-Security-Policy": CONTENT_POLICY,
  "Cache-Control": "no-store",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;

/** A server on loopback that tells nothing to one who does not know the token, or comes by another name or from another page. */
export const serveWeb: ServeWeb = async (options) => {
  const server = createServer();
  const port = await listen(server, options.port);
  const guard = new Guard(port, options.token);
  const end = new AbortController();
  const service = { ...options, guard, find: matcher(options.routes), end: end.signal };
  server.on("request", (request, response) => void handle(service, request, response));
  return {
    url: `http://${LOOPBACK}:${port}/?token=${options.token}`,
    port,
    async close() {
      end.abort();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  } satisfies RunningServer;
};

/** Listens on a port, or where none is asked for on the usual one, else on any. */
async function listen(server: Server, port: number | undefined): Promise<number> {
  const attempt = (wanted: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(wanted, LOOPBACK, () => {
        server.removeListener("error", reject);
        resolve((server.address() as AddressInfo).port);
      });
    });
  try {
    return await attempt(port ?? USUAL_PORT);
  } catch (error) {
    const why = errnoOf(error);
    if (port === undefined && why === "EADDRINUSE") return await attempt(0);
    throw new HostError(
      "MHLAB_PORT",
      `cannot listen on port ${port ?? USUAL_PORT} of ${LOOPBACK}: ${REASONS[why ?? ""] ?? why ?? String(error)}`,
      {
        hint: "another one: --port 0 takes any that is free",
        cause: error,
      },
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there",
  EACCES: "it is only for root",
};

interface Service extends WebServerOptions {
  readonly guard: Guard;
  readonly find: ReturnType<typeof matcher>;
  readonly end: AbortSignal;
}

async function handle(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { guard, find } = service;
  const { method = "", headers, url = "" } = request;
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const asking = { method, headers };
  const target = URL.canParse(url, "http://x") && url.startsWith("/") ? new URL(url, "http://x") : undefined;
  if (target === undefined || !guard.isOwn(asking)) return refuse(response);
  const token = target.searchParams.get("token");
  if (method === "GET" && target.pathname === "/" && token !== null && guard.isToken(token)) {
    // Into a cookie and out of the address, which others may see on a screen or in a history.
    response.writeHead(303, { "Set-Cookie": guard.cookie, Location: "/" }).end();
    return;
  }
  if (!guard.knows(asking)) return refuse(response);
  const found = find(method, target.pathname);
  if ("status" in found) return sendJson(response, { status: found.status, value: { error: found.why } });
  await answer(service, { request, response, target, ...found });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: URL;
  readonly route: WebRoute;
  readonly path: WebRequest["path"];
}

async function answer(service: Service, { request, response, target, route, path }: Exchange): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, service.end]);
  try {
    const body = route.method === "POST" ? await readBody(request) : undefined;
    const last = request.headers["last-event-id"];
    const lastEventId = typeof last === "string" ? last : undefined;
    await send(
      response,
      await route.answer({ path, query: target.searchParams, body, lastEventId, signal }),
      signal,
    );
  } catch (error) {
    if (signal.aborted || response.destroyed) return;
    // The head is out: only a broken connection says that the rest is missing.
    if (response.headersSent) return void response.destroy();
    sendJson(response, service.failed(error));
  }
}

function wrong(message: string): MhlabError {
  return new MhlabError("MHLAB_USAGE", message);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? ""))
    throw wrong("the body has to be application/json");
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MOST_BODY) throw wrong(`the body has more than ${MOST_BODY} bytes`);
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString("utf8"));
  } catch {
    throw wrong("the body is no JSON");
  }
}

async function send(response: ServerResponse, made: WebAnswer, signal: AbortSignal): Promise<void> {
  switch (made.kind) {
    case "json":
      return sendJson(response, { status: made.status ?? 200, value: made.value });
    case "text":
      response.writeHead(200, { "Content-Type": made.type }).end(made.text);
      return;
    case "bytes":
      if (made.policy !== undefined) {
        response.setHeader("Content-Security-Policy", made.policy);
        // Browsers refuse a sandboxed document that asks for this.
        response.removeHeader("Cross-Origin-Opener-Policy");
      }
      response.writeHead(200, { "Content-Type": made.type }).end(made.bytes);
      return;
    case "stream": {
      const { type, fileName } = made;
      response.writeHead(200, {
        "Content-Type": type,
        ...(fileName === undefined ? {} : { "Content-Disposition": `attachment; filename="${fileName}"` }),
      });
      response.flushHeaders();
      await made.write((chunk) => {
        if (response.destroyed) return;
        response.write(chunk);
        if (response.writableLength > MOST_UNSENT) response.destroy();
      }, signal);
      response.end();
    }
  }
}

function sendJson(response: ServerResponse, { status, value }: { status: number; value: unknown }): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(`${JSON.stringify(value)}\n`);
}

/** The same for whatever is wrong, so that nobody learns from it. */
function refuse(response: ServerResponse): void {
  response.writeHead(403, { "Content-Type": "text/plain" }).end("403\n");
}
