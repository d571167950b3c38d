#!/usr/bin/env python3
"""Sends frames that no honest stack sends (AF_PACKET), as the arguments say; prints what it counted as JSON."""
import argparse, ipaddress, json, os, random, socket, struct, sys, time

parser = argparse.ArgumentParser()
parser.add_argument("what")
parser.add_argument("device")
for name, kind, usual in [
    ("--count", int, 1), ("--rate", float, 0), ("--source", str, ""), ("--mac", str, ""), ("--target", str, ""),
    ("--destination", str, ""), ("--duid", str, "00030001020000000066"), ("--pd", int, 0), ("--na", int, 0),
    ("--wait", float, 0.0), ("--rounds", int, 1), ("--forge", str, ""), ("--rapid", int, 1),
    ("--wrap", str, ""), ("--macs", int, 0), ("--spread", str, ""), ("--file", str, ""),
]:
    parser.add_argument(name, type=kind, default=usual)
args = parser.parse_args()

ALL_SERVERS = "ff02::1:2"
FORGED_MAC = bytes([2, 0x66, 0])
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86DD))
link.bind((args.device, 0))
link.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE
own_mac = link.getsockname()[4]


def own_link_local():
    for line in open("/proc/net/if_inet6"):
        fields = line.split()
        if fields[5] == args.device and fields[3] == "20":
            return socket.inet_ntop(socket.AF_INET6, bytes.fromhex(fields[0]))
    return "fe80::66"


def mac_of(text):
    return bytes.fromhex(text.replace(":", ""))


def checksum(source, destination, protocol, payload):
    data = source + destination + struct.pack("!IHBB", len(payload), 0, 0, protocol) + payload
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF or 0xFFFF


def frame(protocol, source, destination, payload, mac, to_mac=None, hops=255):
    source, destination = (socket.inet_pton(socket.AF_INET6, one) for one in (source, destination))
    at = 6 if protocol == 17 else 2
    summed = checksum(source, destination, protocol, payload)
    payload = payload[:at] + struct.pack("!H", summed) + payload[at + 2 :]
    to = to_mac or (b"\x33\x33" + destination[12:] if destination[0] == 0xFF else router_mac())
    if args.wrap == "destination":
        payload, protocol = struct.pack("!BB", protocol, 0) + option_padding(6) + payload, 60
    if args.wrap == "fragment":
        payload, protocol = struct.pack("!BBHI", protocol, 0, 0, random.getrandbits(32)) + payload, 44
    header = struct.pack("!IHBB", 6 << 28, len(payload), protocol, hops)
    return to + mac + b"\x86\xdd" + header + source + destination + payload


def option_padding(size):
    """PadN (RFC 8200 4.2)."""
    return bytes([1, size - 2]) + b"\0" * (size - 2)


def router_mac():
    return mac_of(os.environ["ROUTER_MAC"])


def option(code, data):
    return struct.pack("!HH", code, len(data)) + data


def to_server(body):
    if args.wrap == "relay":
        body = bytes([12, 0]) + b"\0" * 32 + option(9, body)
    return struct.pack("!HHHH", 546, 547, 8 + len(body), 0) + body


def information_request(duid):
    return to_server(bytes([11]) + random.randbytes(3) + option(1, duid) + option(8, b"\0\0") + option(6, b"\0\x17"))


def solicit(number, duid):
    body = bytes([1]) + random.randbytes(3) + option(1, duid) + option(8, b"\0\0")
    body += option(14, b"") if args.rapid else b""
    for index in range(args.na):
        body += option(3, struct.pack("!III", index + 1, 0, 0))
    for index in range(args.pd):
        body += option(25, struct.pack("!III", index + 1, 0, 0))
    return to_server(body)


MESSAGES = [bytes.fromhex(line) for line in open(args.file)] if args.file else []


def forged(number):
    """MAC and link-local address of an invented customer."""
    mac = FORGED_MAC + number.to_bytes(3, "big")
    address = socket.inet_ntop(socket.AF_INET6, bytes.fromhex("fe80") + b"\0" * 6 + b"\x66" + mac[:2] + b"\0" + number.to_bytes(4, "big"))
    return mac, address


def solicited_node(target):
    return socket.inet_ntop(
        socket.AF_INET6, bytes.fromhex("ff0200000000000000000001ff") + socket.inet_pton(socket.AF_INET6, target)[13:]
    )


def packet(number):
    order = number
    if args.macs:
        number %= args.macs
    mac = mac_of(args.mac) if args.mac else own_mac
    source = args.source or own_link_local()
    duid = bytes.fromhex(args.duid)
    if "mac" in args.forge:
        mac, source = forged(number)
        duid = bytes.fromhex("00030001") + mac
    if "source" in args.forge:
        source = forged(number)[1]
    if "duid" in args.forge:
        duid = bytes.fromhex("00030001") + forged(number)[0]
    if args.what == "solicit":
        return frame(17, source, ALL_SERVERS, solicit(number, duid), mac)
    if args.what == "information-request":
        return frame(17, source, ALL_SERVERS, information_request(duid), mac)
    if args.what == "messages":
        return frame(17, source, ALL_SERVERS, to_server(MESSAGES[order % len(MESSAGES)]), mac)
    if args.what == "rs":
        return frame(58, source, "ff02::2", struct.pack("!BBHI", 133, 0, 0, 0) + b"\x01\x01" + mac, mac)
    target = socket.inet_pton(socket.AF_INET6, args.target or "fe80::1")
    if args.what == "ns":
        return frame(58, source, solicited_node(args.target), struct.pack("!BBHI", 135, 0, 0, 0) + target + b"\x01\x01" + mac, mac)
    if args.what == "na":
        flags = 0x60000000
        return frame(58, source, args.destination or "ff02::1", struct.pack("!BBHI", 136, 0, 0, flags) + target + b"\x02\x01" + mac, mac)
    if args.what == "udp":
        # Each packet to another address of a /64.
        destination = str(ipaddress.ip_address(args.spread) + order) if args.spread else args.destination
        return frame(17, source, destination, struct.pack("!HHHH", 40000, 40000, 12, 0) + b"mhla", mac, hops=64)
    sys.exit(f"unknown: {args.what}")


def listen(until, counted):
    while time.monotonic() < until:
        link.settimeout(max(0.001, until - time.monotonic()))
        try:
            data, (_, _, kind, *_) = link.recvfrom(65535)
        except TimeoutError:
            return
        if kind == 4 or len(data) < 58:
            continue
        if data[20] == 17 and data[54:56] == b"\x02\x23":
            counted["replies"] += 1
        if data[20] == 58 and data[54] == 134:
            multicast = data[38] == 0xFF
            counted["multicast" if multicast else "unicast"] += 1
            if not multicast and data[0:3] == FORGED_MAC:
                counted["macs"].add(data[0:6])


counted = {"replies": 0, "multicast": 0, "unicast": 0, "macs": set()}
for _ in range(args.rounds):
    begun, sent = time.monotonic(), 0
    for number in range(args.count):
        if forged(number)[0] in counted["macs"]:
            continue
        link.send(packet(number))
        sent += 1
        if args.rate:
            listen(begun + sent / args.rate, counted)
    listen(time.monotonic() + args.wait, counted)
print(json.dumps({**counted, "macs": len(counted["macs"]), "sent": args.count}))
