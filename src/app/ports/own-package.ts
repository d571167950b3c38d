/** This mhlab as a file that npm installs. */
export interface PackedPackage {
  /** mhlab-0.1.0.tgz */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The text of mhlab's licence. */
  readonly licence: string;
  /** The licences of the npm packages in it. */
  readonly thirdParty: string;
}

export interface OwnPackage {
  /** Packs the running mhlab; needs npm, and no registry. Throws HostError without npm, OperationError when it fails. */
  pack(signal: AbortSignal): Promise<PackedPackage>;
}
