import { expect, test } from "vitest";
import { waits, type Inbox } from "../../../../src/agent/supervise/inbox.ts";

/** As /proc/net has them, of a BNG. */
const PACKET = `sk               RefCnt Type Proto  Iface R Rmem   User   Inode
00000000ccaee5cd 3      2    86dd   2     1 0      101    4740082
00000000f7c4856f 3      2    86dd   2     1 RMEM      101    4740084
`;
const RAW = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  114: 00000000000000000000000000000000:003A 00000000000000000000000000000000:0000 07 00000000:QUEUE 00:00000000 00000000   102        0 4739963 2 000000000e97ce64 0
`;

test.each<[Inbox, string, boolean]>([
  ["packet", PACKET.replace("RMEM", "0   "), false],
  ["packet", PACKET.replace("RMEM", "2304"), true],
  ["raw6", RAW.replace("QUEUE", "00000000"), false],
  ["udp6", RAW.replace("QUEUE", "00000300"), true],
  ["udp6", "", false],
])("whether something waits in a socket of %s is read from /proc/net", (inbox, text, expected) => {
  expect(waits(inbox, text)).toBe(expected);
});
