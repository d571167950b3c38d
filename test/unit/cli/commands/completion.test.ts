import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMPLETION_SCRIPTS, SHELLS } from "../../../../src/cli/commands/completion-scripts.ts";
import { TWO_ISPS } from "../../support/planned-lab.ts";
import { mhlab, temporaryFile } from "../run.ts";
import { folder } from "../../features/wizard/person.ts";

let engine: Server;
const socket = join(folder(), "docker.sock");

/** A container as the engine lists it. */
const container = (lab: string, name: string, role: string): object => ({
  Id: `${lab}-${name}`,
  Names: [`/mhlab-${lab}-${name}`],
  Image: "x",
  State: "running",
  Labels: { "io.mhlab.lab": lab, "io.mhlab.name": name, "io.mhlab.role": role },
});

beforeAll(async () => {
  const all = [
    container("desk", "alpha", "bng"),
    container("desk", "home", "cpe"),
    container("other", "beta", "bng"),
  ];
  engine = createServer((_, response) => response.end(JSON.stringify(all)));
  await new Promise<void>((resolve) => {
    engine.listen(socket, resolve);
  });
});
afterAll(() => {
  engine.closeAllConnections();
  engine.close();
});

/** The answer to a half-typed line: whether files fit, and the values. */
async function ask(...words: string[]): Promise<{ files: boolean; values: string[] }> {
  const { exitCode, stdout } = await mhlab(["completion", "words", "--", ...words], {
    DOCKER_HOST: `unix://${socket}`,
  });
  expect(exitCode).toBe(0);
  const [kind = "", ...lines] = stdout.trimEnd().split("\n");
  return { files: kind === "files", values: lines.map((line) => line.split("\t")[0] ?? "") };
}

describe("what can follow", () => {
  test("commands, and subcommands of a group", async () => {
    expect((await ask("")).values).toEqual(
      expect.arrayContaining(["up", "init", "provider", "sandbox", "completion"]),
    );
    expect((await ask("provider", "")).values).toEqual(["add", "edit", "remove"]);
    expect((await ask("--sandbox", "-H", "unix:///x", "sandbox", "")).values).toContain("start");
  });

  test("kinds of faults, and the options of the one that is named", async () => {
    expect((await ask("fault", "inject", "")).values).toContain("upstream-blackhole");
    expect((await ask("fault", "inject", "ra-mtu-lie", "alpha", "")).values).toEqual(["mtu="]);
    expect((await ask("fault", "inject", "upstream-blackhole", "alpha", "from=::/0", "")).values).toContain(
      "protocol=",
    );
  });

  test("options of the command, values of an option", async () => {
    expect((await ask("up", "lab.yaml", "--")).values).toEqual(
      expect.arrayContaining(["--dry-run", "--sandbox"]),
    );
    expect((await ask("up", "--")).values).not.toContain("--watch");
    expect((await ask("init", "--internet", "")).values).toEqual(["bundled", "real"]);
    expect((await ask("init", "--internet=b")).values).toEqual(["--internet=bundled", "--internet=real"]);
    expect((await ask("image", "build", "")).values).toEqual(["internet", "bng", "cpe", "cpe-others"]);
    expect(await ask("up", "--timeout", "")).toEqual({ files: false, values: [] });
  });

  test("files where a lab file fits", async () => {
    for (const line of [
      ["up", ""],
      ["validate", "l"],
      ["provider", "edit", ""],
      ["init", ""],
    ]) {
      expect((await ask(...line)).files).toBe(true);
    }
  });

  test("labs and nodes that run; providers of the file that was named", async () => {
    expect(await ask("status", "")).toEqual({ files: true, values: ["desk", "other"] });
    expect(await ask("down", "--name", "")).toEqual({ files: false, values: ["desk", "other"] });
    expect((await ask("logs", "")).values).toEqual(["alpha", "beta", "home"]);
    expect((await ask("logs", "--lab", "desk", "")).values).toEqual(["alpha", "home"]);
    expect((await ask("logs", "--lab=desk", "")).values).toEqual(["alpha", "home"]);
    expect((await ask("logs", "--lab=")).values).toEqual(["--lab=desk", "--lab=other"]);
    const file = temporaryFile("lab.yaml", TWO_ISPS);
    expect((await ask("provider", "remove", file, "")).values).toEqual(["alpha", "beta"]);
    expect((await ask("up", file, "--provider", "")).values).toEqual(["alpha", "beta"]);
  });

  test("nothing of ours in another program's words, and no engine is no error", async () => {
    expect((await ask("exec", "alpha", "--", "ls", "--")).values).toEqual([]);
    expect((await ask("exec", "alpha", "ls", "--")).values).toEqual([]);
    const { exitCode, stdout } = await mhlab(["completion", "words", "--", "logs", ""], {
      DOCKER_HOST: "unix:///nonexistent/docker.sock",
    });
    expect([exitCode, stdout]).toEqual([0, "words\n"]);
  });

  test("the engine that the line names is asked, not another", async () => {
    expect((await ask("--sandbox", "logs", "")).values).toEqual([]);
    expect((await ask("-H", "unix:///nonexistent/docker.sock", "logs", "")).values).toEqual([]);
  });
});

test("a shell that is not known is refused, the others have a script", async () => {
  const { exitCode, stderr } = await mhlab(["completion", "tcsh"]);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("right would be bash, zsh, fish")]);
  for (const shell of SHELLS)
    expect((await mhlab(["completion", shell])).stdout).toBe(COMPLETION_SCRIPTS[shell]);
});

test("the script for bash is one that bash reads, and no script evaluates", () => {
  execFileSync("bash", ["-n"], { input: COMPLETION_SCRIPTS.bash });
  for (const shell of SHELLS) expect(COMPLETION_SCRIPTS[shell]).not.toMatch(/\beval\b/);
});
