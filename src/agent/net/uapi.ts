import { connect } from "node:net";

/** Longer than any answer takes on a machine that is not overrun. */
const PATIENCE_MS = 1000;
/** Where they listen. */
export const UAPI_FOLDER = "/var/run/wireguard";

/** Where a userspace WireGuard device listens for its configuration (wireguard.com/xplatform). */
export function uapiSocket(name: string): string {
  return `${UAPI_FOLDER}/${name}.sock`;
}

/** Whether a userspace WireGuard answers on its socket, that is: whether it is past the last step of its start. */
export async function uapiAnswers(path: string): Promise<boolean> {
  return (await uapiRequest(path, ["get=1"])) !== undefined;
}

/** What a userspace device says to a request, line by line; undefined when it does not answer in time. Saves starting `wg`. */
export function uapiRequest(
  path: string,
  lines: readonly string[],
  patienceMs = PATIENCE_MS,
): Promise<string[] | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(path, () => socket.write(`${lines.join("\n")}\n\n`));
    const end = (answer: string[] | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setEncoding("utf8");
    socket.setTimeout(patienceMs, () => end(undefined));
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.endsWith("\n\n")) end(text.trimEnd().split("\n"));
    });
    socket.once("error", () => end(undefined));
    socket.once("close", () => end(undefined));
  });
}
