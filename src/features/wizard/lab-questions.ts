import { MAX_PROVIDER_NAME } from "../../core/model/names.ts";
import { integer, name } from "../../core/model/values/scalars.ts";
import { proposeLabName } from "./proposals.ts";
import { checkBy, type Known, type Question } from "./question.ts";
import { readBare } from "./written.ts";

const hasCpe = ({ answers }: Known): boolean => answers["customer"] === "bundled";

/** The questions of `mhlab init` before the providers. */
export function labQuestions(folder: string): readonly Question[] {
  return [
    {
      id: "name",
      kind: "text",
      message: "Name of the lab",
      propose: () => proposeLabName(folder),
      read: (text) => readBare(text),
      check: checkBy(name(30, "it becomes part of container names")),
    },
    {
      id: "internet",
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
      check: () => undefined,
    },
    {
      id: "customer",
      kind: "choice",
      message: "The customer of the providers",
      propose: () => "bundled",
      choices: () => [
        {
          value: "bundled",
          label: "a bundled CPE   a small router in a container, with hosts",
          explain: "It requests a prefix from every provider and gives its hosts an address of each.",
        },
        {
          value: "own",
          label: "my own router   on a network card, a VLAN, a bridge …",
          explain: "Each provider has its own access link.",
        },
      ],
      check: () => undefined,
    },
    {
      id: "cpe",
      kind: "text",
      message: "Name of the CPE",
      when: hasCpe,
      propose: () => "home",
      read: (text) => readBare(text),
      check: checkBy(name(MAX_PROVIDER_NAME, "its interfaces are called after it")),
    },
    {
      id: "hosts",
      kind: "text",
      message: "Hosts behind it",
      when: hasCpe,
      refuse: (known) => (hasCpe(known) ? undefined : "there is no bundled CPE"),
      propose: () => "1",
      read: (text) => readBare(text),
      check: checkBy(integer(0, 20)),
    },
  ];
}
