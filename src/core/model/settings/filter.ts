import { onOff, word } from "./codec.ts";
import { setting, type Section } from "./setting.ts";

export const SOURCE_VALIDATION = ["reject", "reject-routed", "drop", "off"] as const;
/** What happens to packets whose source was not delegated to their sender (BCP 38). */
export type SourceValidation = (typeof SOURCE_VALIDATION)[number];

/** What a BNG does to packets of its customers. */
export const filter = {
  sourceValidation: setting({
    path: "source-validation",
    codec: word(SOURCE_VALIDATION),
    default: { value: "reject" },
    group: "source validation",
    live: true,
    text: {
      schema: "What happens to packets with a source that was not delegated to their sender (BCP 38).",
      lab: "what happens to a packet whose source was not delegated to its sender (BCP 38), see below",
    },
  }),
} satisfies Section;

/** What a BNG keeps of what it saw. */
export const recorder = {
  capture: setting({
    path: "capture",
    codec: onOff,
    default: { value: false },
    group: "capture",
    text: {
      schema: "Whether it records its packets from before its links are there; see mhlab capture --recorded.",
      lab: "`true`: the BNG records its packets from before its links are there, at most 100 MB per run; fetch them with `mhlab capture <provider> --recorded` ([packets in Wireshark](tasks/capture.md))",
    },
  }),
} satisfies Section;
