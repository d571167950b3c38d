// A DHCPv6 client (RFC 8415) that does exactly what the test tells it: one JSON request per line on standard input, one JSON
// answer per line on standard output. `{"message":"solicit","rapid":true,"na":[1],"pd":[1,2]}`; the leases that it holds are
// put into renew, rebind and release by their IAID: `{"message":"renew","na":[1],"pd":[1]}`. With `gatherMs` it waits so long
// for further answers, which are `others` of the first one; `server` (a DUID in hexadecimal) says whom a message is for.
import { createSocket } from "node:dgram";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";

const [device, duidHex = "00030001020000000042"] = process.argv.slice(2);
const TYPES = {
  solicit: 1,
  advertise: 2,
  request: 3,
  confirm: 4,
  renew: 5,
  rebind: 6,
  reply: 7,
  release: 8,
  information: 11,
};
const NAMES = Object.fromEntries(Object.entries(TYPES).map(([name, number]) => [number, name]));
const OPTION = {
  client: 1,
  server: 2,
  na: 3,
  address: 5,
  oro: 6,
  preference: 7,
  elapsed: 8,
  status: 13,
  rapid: 14,
  dns: 23,
  pd: 25,
  prefix: 26,
  exclude: 67,
};

const held = { na: new Map(), pd: new Map() };
let server;

const option = (code, data) => {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(code, 0);
  head.writeUInt16BE(data.length, 2);
  return Buffer.concat([head, data]);
};

function association(kind, iaid, withLease) {
  const head = Buffer.alloc(12);
  head.writeUInt32BE(iaid, 0);
  const lease = withLease ? (held[kind].get(iaid) ?? Buffer.alloc(0)) : Buffer.alloc(0);
  return option(OPTION[kind], Buffer.concat([head, lease]));
}

function* options(buffer) {
  for (let at = 0; at + 4 <= buffer.length;) {
    const length = buffer.readUInt16BE(at + 2);
    yield [buffer.readUInt16BE(at), buffer.subarray(at + 4, at + 4 + length)];
    at += 4 + length;
  }
}

const hextets = (bytes) =>
  new URL(`http://[${bytes.toString("hex").match(/.{4}/g).join(":")}]/`).hostname.slice(1, -1);

function readAssociation(kind, data, keep) {
  const iaid = data.readUInt32BE(0);
  const answer = { iaid, t1: data.readUInt32BE(4), t2: data.readUInt32BE(8), leases: [] };
  const kept = [];
  for (const [code, body] of options(data.subarray(12))) {
    if (code === OPTION.status) answer.status = body.readUInt16BE(0);
    if (code !== OPTION.address && code !== OPTION.prefix) continue;
    const prefix = code === OPTION.prefix;
    const [preferred, valid] = prefix
      ? [body.readUInt32BE(0), body.readUInt32BE(4)]
      : [body.readUInt32BE(16), body.readUInt32BE(20)];
    const text = prefix ? `${hextets(body.subarray(9, 25))}/${body[8]}` : hextets(body.subarray(0, 16));
    const [, excluded] =
      [...options(body.subarray(prefix ? 25 : 24))].find(([each]) => each === OPTION.exclude) ?? [];
    answer.leases.push({
      value: text,
      preferred,
      valid,
      ...(excluded && { excluded: excluded.toString("hex") }),
    });
    if (valid > 0) kept.push(option(code, body.subarray(0, prefix ? 25 : 24)));
  }
  if (keep) held[kind].set(iaid, Buffer.concat(kept));
  return answer;
}

const socket = createSocket({ type: "udp6", reuseAddr: true });
await new Promise((resolve) => socket.bind({ port: 546, address: "::" }, resolve));
socket.setMulticastInterface(`::%${device}`);

async function exchange({
  message,
  rapid = false,
  na = [],
  pd = [],
  ask = [],
  timeoutMs = 5000,
  retransmitMs = 500,
  gatherMs = 0,
  server: wanted,
}) {
  if (wanted !== undefined) server = Buffer.from(wanted, "hex");
  const transaction = randomBytes(3);
  const withLease = ["request", "renew", "rebind", "release"].includes(message);
  const parts = [
    Buffer.from([TYPES[message]]),
    transaction,
    option(OPTION.client, Buffer.from(duidHex, "hex")),
    option(OPTION.elapsed, Buffer.alloc(2)),
    option(OPTION.oro, Buffer.from([OPTION.dns, ...ask].flatMap((code) => [code >> 8, code & 255]))),
    ...(rapid ? [option(OPTION.rapid, Buffer.alloc(0))] : []),
    ...(["request", "renew", "release"].includes(message) ? [option(OPTION.server, server)] : []),
    ...na.map((iaid) => association("na", iaid, withLease)),
    ...pd.map((iaid) => association("pd", iaid, withLease)),
  ];
  const transmit = () => socket.send(Buffer.concat(parts), 547, `ff02::1:2%${device}`, () => {});
  transmit();
  const retransmission = setInterval(transmit, retransmitMs);
  return await new Promise((resolve) => {
    let timer = setTimeout(() => finish({ message: "silence" }), timeoutMs);
    const gathered = [];
    const finish = (answer) => {
      clearTimeout(timer);
      clearInterval(retransmission);
      socket.off("message", onMessage);
      resolve(answer);
    };
    const onMessage = (data, from) => {
      if (!data.subarray(1, 4).equals(transaction)) return;
      const answer = {
        message: NAMES[data[0]],
        from: from.address.split("%")[0],
        na: [],
        pd: [],
        options: {},
      };
      for (const [code, body] of options(data.subarray(4))) {
        if (code === OPTION.server) {
          server = Buffer.from(body);
          answer.server = body.toString("hex");
        }
        if (code === OPTION.preference) answer.preference = body[0];
        if (code === OPTION.status) answer.status = body.readUInt16BE(0);
        if (ask.includes(code)) answer.options[code] = body.toString("hex");
        for (const kind of ["na", "pd"]) {
          if (code === OPTION[kind]) answer[kind].push(readAssociation(kind, body, message !== "release"));
        }
      }
      if (gatherMs === 0) return finish(answer);
      if (gathered.push(answer) > 1) return;
      clearTimeout(timer);
      clearInterval(retransmission);
      timer = setTimeout(() => finish({ ...gathered[0], others: gathered.slice(1) }), gatherMs);
    };
    socket.on("message", onMessage);
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await exchange(JSON.parse(line)))}\n`);
}
socket.close();
