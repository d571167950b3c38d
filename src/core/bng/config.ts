import type { Endpoint } from "../values/parse.ts";
import type { BngLink } from "./link.ts";
import type { Prefix6 } from "../ip6.ts";
import type { Lifetimes, RaOptions, SourceValidation } from "../lab/model.ts";

/** All that one BNG needs, as its environment states it. */
export interface BngConfig {
  readonly name: string;
  readonly wireguard: {
    readonly interface: string;
    /** Secrets stay out of this object when they come by file. */
    readonly privateKey: { readonly file: string } | { readonly value: string };
    readonly presharedKeyFile: string | undefined;
    readonly peer: string;
    readonly address: bigint;
    readonly addressLength: number;
    readonly endpoint: Endpoint;
    readonly mtu: number;
    readonly keepaliveS: number;
    /** Whether TCP's segment size is lowered to what the tunnel carries. */
    readonly clampMss: boolean;
  };
  readonly prefix: Prefix6;
  readonly transfer: Prefix6;
  readonly pool: Prefix6 | undefined;
  readonly delegatedLength: number;
  readonly lifetimes: Lifetimes;
  readonly ra: RaOptions;
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly subscriber: {
    readonly interface: string;
    readonly link: BngLink;
    /** Claims the interface whatever the host uses it for. */
    readonly force?: true;
  };
  readonly linkLocal: bigint;
  readonly sourceValidation: SourceValidation;
  /** Records every packet from before the links are there. */
  readonly capture?: true;
  /** Address whose round trip through the tunnel is measured. */
  readonly probe: bigint | undefined;
}
