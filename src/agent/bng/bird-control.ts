import { createConnection } from "node:net";

import { BIRD_CONTROL_SOCKET } from "../../core/render/bng/bird.ts";

const PATIENCE_MS = 3000;
/** The first line that a client gets, before it says anything. */
const WELCOME = "0001";

/** Makes BIRD read its configuration again, without restarting what did not change. Throws with BIRD's words when it refuses. */
export async function configureBird(): Promise<void> {
  const answer = await ask("configure");
  // Replies of 8000 and more are failures (BIRD's control protocol).
  if (!answer.startsWith("0")) throw new Error(`bird: configure: ${answer.slice(5)}`);
}

/** Resolves when BIRD welcomes a client; rejects when it does not within 3 s. */
export function greetBird(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(BIRD_CONTROL_SOCKET);
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error("bird does not welcome a client")));
    socket.once("data", () => {
      resolve();
      socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("bird does not welcome a client")));
  });
}

/** The last line of the reply to one command: four digits, a space, text. */
function ask(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(BIRD_CONTROL_SOCKET);
    let rest = "";
    socket.setEncoding("utf8");
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`bird does not answer ${command}`)));
    socket.on("connect", () => socket.write(`${command}\n`));
    socket.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      const last = lines.find((line) => /^\d{4} /.test(line) && !line.startsWith(WELCOME));
      if (last === undefined) return;
      resolve(last);
      socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`bird does not answer ${command}`)));
  });
}
