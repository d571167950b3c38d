import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { release } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);
const LIMIT_MS = 3000;

/** The same lines as the engine's look, of this machine; a line that cannot be had is empty. */
export async function lookHere(signal: AbortSignal): Promise<string[]> {
  const ip = async (...words: string[]): Promise<string> => {
    const env = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
    const options = { signal, timeout: LIMIT_MS, env };
    return await run("ip", words, options).then(
      ({ stdout }) => stdout.replaceAll("\n", ""),
      () => "",
    );
  };
  return await Promise.all([
    ip("-j", "-d", "addr"),
    ip("-j", "route", "show", "default"),
    ip("-j", "-6", "route", "show", "default"),
    wireguardHere(),
  ]);
}

/** Whether this kernel has WireGuard, loaded or as a module. */
async function wireguardHere(): Promise<string> {
  if (existsSync("/sys/module/wireguard")) return "kernel";
  const folder = `/lib/modules/${release()}`;
  const lists = await Promise.all(
    ["modules.dep", "modules.builtin"].map((name) => readFile(`${folder}/${name}`, "utf8").catch(() => "")),
  );
  if (lists.every((text) => text === "")) return "unknown";
  return lists.some((text) => text.includes("/wireguard.ko")) ? "kernel" : "userspace";
}
