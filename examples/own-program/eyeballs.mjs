// A client that knows nothing of mhlab: it opens a TCP connection ten times a second, from whichever of its addresses
// answers first, the next one 250 ms after the last (as RFC 8305 does with destinations), and tells how long it stalled.
// Usage: node eyeballs.mjs ADDRESS PORT SECONDS MOST_STALL_MS. Exit code 1: it stalled for longer.
import { connect } from "node:net";
import { networkInterfaces } from "node:os";

const [address, port, seconds, most] = process.argv.slice(2);
const sources = () =>
  Object.values(networkInterfaces())
    .flat()
    .filter(({ address: own, family, internal }) => family === "IPv6" && !internal && !own.startsWith("fe80"))
    .map(({ address: own }) => own);

/** Resolves to the source whose connection was opened first; undefined when none was within 5 s. */
function race(all) {
  return new Promise((resolve) => {
    const tries = [];
    const timers = all.map((localAddress, index) =>
      setTimeout(() => {
        const socket = connect({ host: address, port: Number(port), localAddress });
        tries.push(socket);
        socket.on("connect", () => done(localAddress)).on("error", () => {});
      }, 250 * index),
    );
    const limit = setTimeout(() => done(undefined), 5000);
    function done(source) {
      [...timers, limit].forEach(clearTimeout);
      tries.forEach((socket) => socket.destroy());
      resolve(source);
    }
  });
}

const end = performance.now() + Number(seconds) * 1000;
const used = {};
let preferred = sources()[0];
let longestMs = 0;
let lastMs = performance.now();
while (performance.now() < end) {
  // What worked last is tried first, as Happy Eyeballs remembers it.
  const source = await race([preferred, ...sources().filter((one) => one !== preferred)]);
  const nowMs = performance.now();
  if (source !== undefined) {
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    used[source] = (used[source] ?? 0) + 1;
    preferred = source;
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}
longestMs = Math.max(longestMs, performance.now() - lastMs);
const result = { longestStallMs: Math.round(longestMs), connections: used };
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
process.exitCode = longestMs > Number(most) ? 1 : 0;
