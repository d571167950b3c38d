import { wireguardInterface } from "../names.ts";
import type {
  ContainerState,
  CpeStatus,
  HostStatus,
  InternetStatus,
  Problem,
  ProviderStatus,
  WanStatus,
} from "./model.ts";

/** What is said about a member that does not answer: its state and why. */
export interface Silence {
  readonly name: string;
  readonly state: ContainerState;
  readonly problem: Problem;
}

/** The status of a provider whose agent does not answer. */
export function silentProvider({ name, state, problem }: Silence): ProviderStatus {
  return {
    name,
    state,
    ready: false,
    uplink: {
      state: "down",
      backend: null,
      interface: wireguardInterface(name),
      endpoint: "",
      publicKey: null,
      handshakeAgeS: null,
      rxBytes: 0,
      txBytes: 0,
      rttMs: null,
    },
    subscriber: { kind: "claim", interface: "", present: false, carrier: false, mac: null, neighbours: [] },
    linkLocal: "",
    prefix: "",
    transfer: "",
    pool: null,
    delegations: [],
    addresses: [],
    restarts: {},
    faults: [],
    sourceValidation: null,
    spoofed: { packets: 0, sources: [] },
    problems: [problem],
  };
}

/** The status of a CPE whose agent does not answer. */
export function silentCpe({ name, state, problem }: Silence): CpeStatus {
  const wans: WanStatus[] = [];
  return {
    name,
    state,
    ready: false,
    wans,
    lan: { interface: "", addresses: [] },
    restarts: {},
    problems: [problem],
  };
}

/** The status of a host whose agent does not answer. */
export function silentHost({ name, state, problem }: Silence): HostStatus {
  return { name, state, addresses: [], defaultRouter: null, problems: [problem] };
}

/** The status of a bundled internet whose agent does not answer. */
export function silentInternet({ name, state, problem }: Silence): InternetStatus {
  return { name, state, ready: false, address: "", peers: [], restarts: {}, problems: [problem] };
}
