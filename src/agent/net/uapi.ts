import { connect } from "node:net";

const PATIENCE_MS = 1000;

/** Whether a userspace WireGuard answers on its socket, that is: whether it is past the last step of its start. */
export function uapiAnswers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => socket.write("get=1\n\n"));
    const end = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(PATIENCE_MS, () => end(false));
    socket.once("data", () => end(true));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
  });
}
