/** Where a BNG that records from its start keeps its files. */
export const CAPTURE_FOLDER = "/var/lib/mhlab/capture";
/** Bound of one run of a BNG: so many files of so many megabytes, the oldest goes first; as many of earlier runs are kept. */
export const CAPTURE_FILES = 5;
const CAPTURE_FILE_MB = 20;

/** `-Z root`: without the right to change users, tcpdump would end at its attempt to become `tcpdump`. */
const TCPDUMP = ["tcpdump", "-n", "-U", "-Z", "root", "--time-stamp-precision=nano"];

/**
 * Runs tcpdump until it ends or standard input does: the engine does not tell a process that its reader is gone, but it
 * closes the input when the connection breaks.
 */
const UNTIL_INPUT_ENDS = `exec 3<&0
"$@" < /dev/null &
tcpdump=$!
{ cat <&3; kill -INT $tcpdump; } > /dev/null 2>&1 &
wait $tcpdump`;

/**
 * KiB of packets that may wait for tcpdump: in immediate mode each takes the room of the largest, 64 KiB, and of the usual 2 MiB a
 * queue that empties at once (a line that comes back) takes more.
 */
const LIVE_BUFFER_KIB = 16_384;

/**
 * Waits until the interface $1 is there and up (IFF_UP, the lowest bit), for two seconds at most: whoever asks looks again
 * after that. A look from outside, by a command in the container, comes too late for the first packets of a link that returned.
 */
const UNTIL_UP = `device=$1
shift
looks=0
while [ $looks -lt 100 ]; do
  read -r flags 2> /dev/null < "/sys/class/net/$device/flags" && [ $((flags & 1)) = 1 ] && break
  looks=$((looks + 1))
  sleep 0.02
done
`;

/**
 * Captures one interface as a pcap on standard output, for as long as standard input is open. With `waits`, it first waits some
 * seconds for an interface that is gone or down.
 */
export function liveCapture(
  device: string,
  filter: string | undefined,
  { waits }: { waits: boolean },
): string[] {
  const words = [...TCPDUMP, "--immediate-mode", "-B", String(LIVE_BUFFER_KIB), "-i", device, "-w", "-"];
  const script = waits
    ? ["sh", "-c", `${UNTIL_UP}${UNTIL_INPUT_ENDS}`, "sh", device]
    : ["sh", "-c", UNTIL_INPUT_ENDS, "sh"];
  return [...script, ...words, ...(filter === undefined ? [] : [filter])];
}

/** Records every interface, also those to come, into a ring of files; `-w` and a name are still to be added. */
export function recordingCapture(): string[] {
  return [
    ...TCPDUMP,
    "-i",
    "any",
    "-y",
    "LINUX_SLL2",
    "-C",
    String(CAPTURE_FILE_MB),
    "-W",
    String(CAPTURE_FILES),
  ];
}

/**
 * Prints the names of recorded files, oldest first, once all is in them that had passed: the kernel hands packets over a
 * second after they came (tcpdump's timeout), and by immediate mode a fast line would lose some.
 */
export const LIST_RECORDED = ["sh", "-c", `sleep 1.1; ls -tr ${CAPTURE_FOLDER} 2> /dev/null; true`];

/** Prints one recorded file. */
export function readRecorded(file: string): string[] {
  return ["cat", `${CAPTURE_FOLDER}/${file}`];
}
