import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Asset, WebMachine } from "../../app/ports/web-server.ts";
import { MhlabError } from "../../core/model/errors.ts";
import { serveWeb } from "./serve.ts";

/** The files of the page, each with its path and type. */
const FILES = [
  ["/", "index.html", "text/html; charset=utf-8"],
  ["/page.js", "page.js", "text/javascript; charset=utf-8"],
  ["/page.css", "page.css", "text/css; charset=utf-8"],
  ["/icon.svg", "icon.svg", "image/svg+xml"],
] as const;

/** The programs that show an address in the user's browser, by platform. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { linux: "xdg-open", darwin: "open" };

/** Serves the page of a folder; `env` names the browser where the user has his own (`BROWSER`). */
export function webMachine(folder: string, env: NodeJS.ProcessEnv): WebMachine {
  return {
    serve: serveWeb,
    async assets() {
      const files = await Promise.all(
        FILES.map(
          async ([path, name, type]) => [path, { type, bytes: await readFile(join(folder, name)) }] as const,
        ),
      ).catch((cause: unknown) => {
        throw new MhlabError("MHLAB_NOT_BUILT", "the page is not built", {
          hint: "build it with: npm run build",
          cause,
        });
      });
      return new Map<string, Asset>(files);
    },
    secret: () => randomBytes(24).toString("base64url").replaceAll(/[-_]/g, "0"),
    open: (url) =>
      new Promise((resolve) => {
        const program = env["BROWSER"] ?? OPENERS[process.platform];
        if (program === undefined || program === "") return resolve(false);
        const child = spawn(program, [url], { detached: true, stdio: "ignore" });
        child.once("error", () => resolve(false));
        child.once("spawn", () => {
          child.unref();
          resolve(true);
        });
      }),
  };
}
