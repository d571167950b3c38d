import type { HeldHostAddress } from "../../core/render/cpe/host-addresses.ts";
import type { HostDefaultRouter, Problem } from "../../core/model/status/model.ts";
import type { Link } from "../net/link.ts";

/** How a host comes into the world: what it follows there, and what it makes of that. */
export interface Way {
  /** What its port is on, and whose the other end is, in the words of a problem. */
  readonly on: string;
  readonly maker: string;
  /** What has to be there before the port has an address. */
  begin(): Promise<void>;
  /** Follows what the kernel has; the link is undefined while there is no port. */
  update(link: Link | undefined): Promise<void>;
  /** Learns anew at the next update what the kernel does not keep. */
  forget(): void;
  /** What is known since the last update. */
  view(): WayView;
  /** What is missing; asked only while there is a port with a carrier. */
  problems(): Problem[];
}

export interface WayView {
  /** Without what is measured of them. */
  readonly addresses: HeldHostAddress[];
  /** The preferred first. */
  readonly routers: HostDefaultRouter[];
}
