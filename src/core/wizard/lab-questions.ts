import { name, integer } from "../values/scalars.ts";
import { MAX_PROVIDER_NAME } from "../names.ts";
import { proposeLabName } from "./proposals.ts";
import { readBare } from "./written.ts";
import { checkBy, checkYesNo, type Question } from "./question.ts";

const cpeName = name(MAX_PROVIDER_NAME, "its interfaces are called after it");
const YES_NO = { kind: "confirm", check: checkYesNo } as const;

/** The questions of `mhlab init` before the providers. */
export function labQuestions(folder: string): readonly Question[] {
  return [
    {
      id: "name",
      flag: "--name",
      kind: "text",
      message: "Name of the lab",
      propose: () => proposeLabName(folder),
      read: (text) => readBare(text),
      check: checkBy(name(30, "it becomes part of container names")),
    },
    {
      id: "internet",
      flag: "--internet",
      kind: "choice",
      message: "The internet behind the providers",
      propose: () => "bundled",
      choices: () => [
        {
          value: "bundled",
          label: "bundled   inside the lab, needs no connection",
          explain: "A container that answers pings, DNS, HTTP and iperf3 at 2001:db8::1.",
        },
        {
          value: "real",
          label: "real      through WireGuard tunnels to servers of mine",
          explain: "Each server routes a prefix of its own into its tunnel.",
        },
      ],
      check: (answer) =>
        ["bundled", "real"].includes(answer) ? undefined : `'${answer}' is neither bundled nor real`,
    },
    {
      id: "customer",
      flag: "--cpe",
      kind: "choice",
      message: "The customer of the providers",
      propose: () => "bundled",
      choices: () => [
        {
          value: "bundled",
          label: "a bundled CPE   a small router in a container, with hosts",
          explain: "It asks every provider for a prefix, and gives its hosts an address of each.",
        },
        {
          value: "own",
          label: "my own router   on a network card, a VLAN, a bridge …",
          explain: "Each provider says where it is connected.",
        },
      ],
      check: () => undefined,
    },
    {
      id: "cpe",
      flag: "--cpe",
      kind: "text",
      message: "Name of the CPE",
      when: ({ answers }) => answers["customer"] === "bundled",
      read: (text) => readBare(text),
      propose: () => "home",
      check: checkBy(cpeName),
    },
    {
      id: "hosts",
      flag: "--hosts",
      kind: "text",
      message: "Hosts behind it",
      when: ({ answers }) => answers["customer"] === "bundled",
      refuse: ({ answers }) => (answers["customer"] === "bundled" ? undefined : "there is no bundled CPE"),
      read: (text) => readBare(text),
      propose: () => "1",
      check: checkBy(integer(0, 20)),
    },
  ];
}

/** Asked after each provider from the second on. */
export const moreQuestion: Question = {
  ...YES_NO,
  id: "more",
  flag: "--provider",
  message: "Another provider?",
  // One provider is no multihoming.
  propose: ({ neighbours }) => (neighbours.length === 0 ? "yes" : "no"),
};

/** What is asked once the file's text is known. */
export const closingQuestions = {
  overwrite: {
    ...YES_NO,
    id: "overwrite",
    flag: "--force",
    message: "Overwrite it?",
    propose: () => "no",
  },
  resume: {
    ...YES_NO,
    id: "resume",
    flag: "--yes",
    message: "Go on from there?",
    propose: () => "yes",
  },
  keep: {
    ...YES_NO,
    id: "keep",
    flag: "--yes",
    message: "Keep your answers, to go on later?",
    propose: () => "yes",
  },
  write: { ...YES_NO, id: "write", flag: "--yes", message: "Write it?", propose: () => "yes" },
  up: { ...YES_NO, id: "up", flag: "--up", message: "Start it now?", propose: () => "no" },
} as const satisfies Record<string, Question>;
