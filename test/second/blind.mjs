// When nobody captured: tcpdump ends when its interface goes down, and is started again. The capture says so in comments of packets.

/** The times without a capture of each port, by its name; `packets` are in the order of time. */
export function blindSpans(packets) {
  const spans = new Map();
  for (const port of new Set(packets.map((one) => one.port))) {
    const [capture, device] = port.split(" ");
    const said = packets.filter((one) => one.comment !== "" && one.port.startsWith(`${capture} `));
    const times = packets.filter((one) => one.port === port).map(({ atS }) => atS);
    const gone = said.filter(({ comment }) => comment.includes(`${device} is gone`));
    spans.set(
      port,
      gone.map(({ atS: toldS }) => {
        const back = said.find(
          ({ atS, comment }) => atS >= toldS && comment.includes(`listening on ${device}`),
        );
        // A comment stands at the first packet after it, of whichever interface.
        const toS = back === undefined ? Infinity : (times.find((atS) => atS >= back.atS) ?? Infinity);
        return { fromS: times.findLast((atS) => atS < toldS) ?? -Infinity, toS };
      }),
    );
  }
  return spans;
}

/** Whether that port was not captured at some moment between the two. */
export function isBlind(spans, port, fromS, toS = fromS) {
  return (spans.get(port) ?? []).some((span) => span.fromS <= toS && fromS <= span.toS);
}
