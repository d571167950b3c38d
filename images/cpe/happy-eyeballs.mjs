// Opens connections to a name one after another, as Node does (net.connect with autoSelectFamily, an algorithm of the kind of RFC 8305),
// and prints a line of JSON for each: when which address was tried, which one won, and from which source.
// happy-eyeballs.mjs NAME PORT EVERY_MS ATTEMPT_MS LIMIT_MS [SOURCE]
import { lookup } from "node:dns";
import { connect } from "node:net";

const [name, port, every, attempt, limit, source] = process.argv.slice(2);

for (;;) {
  const begunMs = performance.now();
  process.stdout.write(`${JSON.stringify(await openOne())}\n`);
  const restMs = Number(every) - (performance.now() - begunMs);
  if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
}

function openOne() {
  const startMs = performance.now();
  const startNs = String(BigInt(Math.round((performance.timeOrigin + startMs) * 1000)) * 1000n);
  const nowS = () => Number(((performance.now() - startMs) / 1000).toFixed(6));
  const told = { client: `node ${process.version}`, name, startNs, addresses: [], attempts: [] };
  const end = (address, result, more = {}) => {
    const open = told.attempts.find((one) => one.address === address && one.result === undefined);
    if (open !== undefined) Object.assign(open, { endS: nowS(), result, ...more });
  };
  return new Promise((resolve) => {
    const socket = connect({
      host: name,
      port: Number(port),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: Number(attempt),
      ...(source === undefined ? {} : { localAddress: source }),
      lookup(host, options, done) {
        lookup(host, { ...options, all: true }, (error, found) => {
          told.resolvedS = nowS();
          told.addresses = (found ?? []).map(({ address }) => address);
          done(error, found);
        });
      },
    });
    const timer = setTimeout(() => socket.destroy(new Error("the limit was reached")), Number(limit));
    socket.on("connectionAttempt", (address) => told.attempts.push({ address, startS: nowS() }));
    socket.on("connectionAttemptFailed", (address, _port, _family, error) =>
      end(address, "failed", { error: error.code ?? error.message }),
    );
    socket.on("connectionAttemptTimeout", (address) => end(address, "timeout"));
    socket.on("connect", () => {
      told.connectedS = nowS();
      told.winner = socket.remoteAddress;
      told.source = socket.localAddress;
      end(socket.remoteAddress, "connected");
      socket.end(`GET /json HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
    });
    socket.on("data", (data) => (told.answer ??= data.toString("latin1").split("\r\n")[0]));
    socket.on("error", (error) => (told.error = error.code ?? error.message));
    socket.on("close", () => {
      clearTimeout(timer);
      for (const { address, result } of told.attempts) if (result === undefined) end(address, "ended");
      resolve({ ...told, totalS: nowS() });
    });
  });
}
