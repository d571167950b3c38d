#!/usr/bin/env python3
"""Sends a router solicitation and prints the router advertisement that comes, taken apart by the RFCs, as JSON."""
import errno, json, socket, struct, sys, time

device, wait_s = sys.argv[1], float(sys.argv[2])
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86DD))
link.bind((device, 0))
asking = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
asking.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
asking.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
PREFERENCES = {0: "medium", 1: "high", 3: "low"}


def address(octets):
    return socket.inet_ntop(socket.AF_INET6, octets.ljust(16, b"\0"))


def names(octets):
    found, labels, at = [], [], 0
    while at < len(octets):
        length = octets[at]
        if length == 0:
            if labels:
                found.append(".".join(labels))
            labels = []
        else:
            labels.append(octets[at + 1 : at + 1 + length].decode())
        at += 1 + length
    return found


def prefix(body):
    length, flags, valid, preferred = struct.unpack("!BBII", body[:10])
    letters = "".join(letter for letter, bit in (("L", 128), ("A", 64), ("R", 32), ("P", 16)) if flags & bit)
    return {"prefix": f"{address(body[14:30])}/{length}", "flags": letters, "valid": valid, "preferred": preferred}


def route(body):
    length, flags, lifetime = struct.unpack("!BBI", body[:6])
    return {"prefix": f"{address(body[6:])}/{length}", "preference": PREFERENCES.get(flags >> 3 & 3), "lifetime": lifetime}


def pref64(body):
    (scaled,) = struct.unpack("!H", body[:2])
    return {"prefix": f"{address(body[2:14])}/{(96, 64, 56, 48, 40, 32)[scaled & 7]}", "lifetime": (scaled >> 3) * 8}


def rdnss(body):
    (lifetime,) = struct.unpack("!I", body[2:6])
    return {"servers": [address(body[at : at + 16]) for at in range(6, len(body), 16)], "lifetime": lifetime}


def dnssl(body):
    (lifetime,) = struct.unpack("!I", body[2:6])
    return {"domains": names(body[6:]), "lifetime": lifetime}


def pvd(body):
    flags, sequence = struct.unpack("!HH", body[:4])
    letters = "".join(letter for letter, bit in (("H", 0x8000), ("L", 0x4000), ("R", 0x2000)) if flags & bit)
    return {"name": names(body[4:])[0], "flags": letters, "delay": flags & 15, "sequence": sequence}


def portal(body):
    return body.rstrip(b"\0").decode()


READERS = {3: ("prefixes", prefix), 5: ("mtus", lambda body: struct.unpack("!HI", body)[1]), 21: ("pvds", pvd),
           24: ("routes", route), 25: ("rdnss", rdnss), 31: ("dnssl", dnssl), 37: ("portals", portal), 38: ("pref64", pref64)}


def read(packet, destination):
    hops, flags, lifetime = struct.unpack("!BBH", packet[4:8])
    found = {"source": address(packet_source), "destination": destination, "lifetime": lifetime,
             "flags": "".join(letter for letter, bit in (("M", 128), ("O", 64)) if flags & bit),
             "preference": PREFERENCES.get(flags >> 3 & 3), **{name: [] for name, _ in READERS.values()}}
    at = 16
    while at + 2 <= len(packet):
        kind, units = packet[at], packet[at + 1]
        if units == 0:
            sys.exit("an option of no length")
        if kind in READERS:
            name, reader = READERS[kind]
            found[name].append(reader(packet[at + 2 : at + 8 * units]))
        at += 8 * units
    return found


def solicit():
    """Asks, and tells when to ask again: soon where the kernel has no address to ask from yet."""
    try:
        asking.sendto(struct.pack("!BBHI", 133, 0, 0, 0), ("ff02::2", 0, 0, socket.if_nametoindex(device)))
        return 4
    except OSError as error:
        if error.errno != errno.EADDRNOTAVAIL:
            raise
        return 0.2


until, again = time.monotonic() + wait_s, 0.0
while time.monotonic() < until:
    if time.monotonic() >= again:
        again = time.monotonic() + solicit()
    link.settimeout(max(0.001, min(until, again) - time.monotonic()))
    try:
        frame, (_, _, kind, *_) = link.recvfrom(65535)
    except TimeoutError:
        continue
    if kind != 4 and len(frame) >= 70 and frame[20] == 58 and frame[54] == 134:
        packet_source = frame[22:38]
        print(json.dumps(read(frame[54 : 54 + struct.unpack("!H", frame[18:20])[0]], address(frame[38:54]))))
        sys.exit(0)
sys.exit("no router advertisement came")
