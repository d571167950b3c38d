/** The environment of a provider alpha, with nothing in it that has a default. */
export const ALPHA = {
  WIREGUARD_INTERFACE_SUFFIX: "alpha",
  WIREGUARD_PRIVATE_KEY_FILE: "/etc/mhlab/keys/private.key",
  WIREGUARD_PEER: "Ju8XX7rkU+gRan0b9pprSI4nArBGd4RlrOJP3K0Dymw=",
  WIREGUARD_ADDRESS: "2001:db8:0:a::2/64",
  WIREGUARD_ENDPOINT: "192.0.2.42:51820",
  ASSIGNED_PREFIX: "2001:db8:a::/48",
  SUBSCRIBER_INTERFACE: "sub0",
};
