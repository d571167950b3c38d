// A resolver that knows one address of every name (`serve ADDRESS`), and who asks one question (`ask FROM RESOLVER NAME TYPE
// udp|tcp`) and prints the answer as JSON: its code, its addresses, and how many milliseconds it took. UDP and TCP.
import { createSocket } from "node:dgram";
import { createConnection, createServer } from "node:net";

const [what, from, resolver, name = "", type = "AAAA", by = "udp"] = process.argv.slice(2);
const TYPES = { A: 1, AAAA: 28 };
const ADDRESS = Buffer.from("20010db8000000000000000000000080", "hex");

const framed = (message) => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
};

function answerTo(question) {
  const end = question.indexOf(0, 12) + 5;
  const known = question.readUInt16BE(end - 4) === TYPES.AAAA;
  const head = Buffer.from(question.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(known ? 1 : 0, 6);
  head.fill(0, 8);
  const record = Buffer.concat([Buffer.from("c00c001c00010000003c0010", "hex"), ADDRESS]);
  return Buffer.concat([head, question.subarray(12, end), ...(known ? [record] : [])]);
}

function questionOf() {
  const labels = name
    .split(".")
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  const head = Buffer.from("424201000001000000000000", "hex");
  return Buffer.concat([head, ...labels, Buffer.from([0, 0, TYPES[type], 0, 1])]);
}

function read(answer) {
  const addresses = [];
  const start = answer.indexOf(0, 12) + 5;
  if (answer.readUInt16BE(6) > 0) {
    const groups = answer
      .subarray(start + 12, start + 28)
      .toString("hex")
      .match(/.{4}/g);
    addresses.push(new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1));
  }
  return { code: answer[3] & 0x0f, addresses };
}

if (what === "serve") {
  const socket = createSocket("udp6");
  socket.on("message", (question, { port, address }) => socket.send(answerTo(question), port, address));
  socket.bind(53, from);
  createServer((connection) => {
    connection.on("error", () => connection.destroy());
    connection.on("data", (bytes) => connection.write(framed(answerTo(bytes.subarray(2)))));
  }).listen(53, from);
} else {
  const began = performance.now();
  const finish = (answer) => {
    process.stdout.write(`${JSON.stringify({ ...read(answer), ms: performance.now() - began })}\n`);
    process.exit(0);
  };
  setTimeout(() => process.exit(1), 8000);
  if (by === "tcp") {
    const connection = createConnection({ host: resolver, port: 53, localAddress: from });
    connection.on("connect", () => connection.write(framed(questionOf())));
    connection.on("data", (bytes) => finish(bytes.subarray(2)));
  } else {
    const socket = createSocket("udp6");
    socket.on("message", finish);
    socket.bind(0, from);
    socket.on("listening", () => socket.send(questionOf(), 53, resolver));
  }
}
