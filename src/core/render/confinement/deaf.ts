/** Per architecture as Node calls it: its AUDIT_ARCH (linux/audit.h) and the number of bind(2). */
const ARCHITECTURES: Readonly<Record<string, { readonly audit: number; readonly bind: number }>> = {
  x64: { audit: 0xc000003e, bind: 49 },
  arm64: { audit: 0xc00000b7, bind: 200 },
};

/** Of `struct seccomp_data`: number of the call, architecture, and the lower half of its third argument. */
const AT = { call: 0, architecture: 4, third: 16 + 2 * 8 } as const;
/** Of classic BPF (linux/bpf_common.h, linux/seccomp.h). */
const LOAD = 0x20;
const IF_EQUAL = 0x15;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
/** The call returns 0, and nothing was done. */
const AS_IF_DONE = 0x00050000;
/** `sizeof(struct sockaddr_nl)`; addresses of no other family are as long. */
const NETLINK_ADDRESS = 12;

/**
 * A seccomp filter under which a program believes that it joined the multicast groups of netlink, and hears nothing of them: bind(2)
 * to a netlink address does nothing. Questions to the kernel and their answers work. For a program that has no use for the news and
 * would wake for each, as one of many. In the order of bytes of both architectures; undefined for others.
 */
export function deafFilter(architecture: string): Uint8Array | undefined {
  const known = ARCHITECTURES[architecture];
  if (known === undefined) return undefined;
  const program = [
    [LOAD, 0, 0, AT.architecture],
    [IF_EQUAL, 0, 5, known.audit],
    [LOAD, 0, 0, AT.call],
    [IF_EQUAL, 0, 3, known.bind],
    [LOAD, 0, 0, AT.third],
    [IF_EQUAL, 0, 1, NETLINK_ADDRESS],
    [RETURN, 0, 0, AS_IF_DONE],
    [RETURN, 0, 0, ALLOW],
  ] as const;
  const bytes = new DataView(new ArrayBuffer(8 * program.length));
  program.forEach(([code, ifTrue, ifFalse, value], index) => {
    bytes.setUint16(8 * index, code, true);
    bytes.setUint8(8 * index + 2, ifTrue);
    bytes.setUint8(8 * index + 3, ifFalse);
    bytes.setUint32(8 * index + 4, value, true);
  });
  return new Uint8Array(bytes.buffer);
}
