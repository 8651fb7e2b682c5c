#!/usr/bin/python3
"""Try SASL ANONYMOUS on the main channel of a Spice console: HOST TLS-PORT. Stock clients use the best mechanism that is offered; an intruder uses
this one. Prints "admitted", "refused" or "not offered", and the server's list."""
import socket
import ssl
import struct
import sys


def read(stream, size):
    data = b""
    while len(data) < size:
        part = stream.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def number(stream):
    return struct.unpack("<I", read(stream, 4))[0]


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the server's certificate is not tested here
    stream = context.wrap_socket(socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=10))
    # a link message for the main channel: capabilities auth selection, SASL, mini header
    message = struct.pack("<IBBIII", 0, 1, 0, 1, 0, 18) + struct.pack("<I", 0b1101)
    stream.sendall(b"REDQ" + struct.pack("<III", 2, 2, len(message)) + message)
    read(stream, struct.unpack("<I", read(stream, 16)[12:])[0])
    stream.sendall(struct.pack("<I", 2))
    offered = read(stream, number(stream)).rstrip(b"\0").decode()
    if "ANONYMOUS" not in offered:
        return "not offered", offered
    stream.sendall(struct.pack("<I", 9) + b"ANONYMOUS" + struct.pack("<I", 7) + b"nobody\0")
    try:
        read(stream, number(stream))
        read(stream, 1)
        return ("admitted" if number(stream) == 0 else "refused"), offered
    except EOFError:
        return "refused", offered


print(*main())
