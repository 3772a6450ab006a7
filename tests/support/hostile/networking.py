"""Reaches another machine, or another process by a socket."""

import ctypes
import http.server
import os
import socket
import urllib.request
from multiprocessing import connection

from support.hostile.kernel import call, done, libc


def a_connection(port):
    """Connects by TCP to a server on this machine."""
    return socket.create_connection(("127.0.0.1", port), 1)


def a_connection_by_ipv6(port):
    """Connects to it by IPv6."""
    return socket.create_connection(("::1", port), 1)


def a_page(port):
    """Asks a server for a page."""
    return urllib.request.urlopen(f"http://127.0.0.1:{port}/token", timeout=1).read()


def a_connection_without_waiting(port):
    """Connects without blocking, and sends with the first packet."""
    with socket.socket() as channel:
        channel.setblocking(False)
        return channel.sendto(b"token", 0x20000000, ("127.0.0.1", port))


def a_datagram(port):
    """Sends one by UDP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        return channel.sendto(b"token", ("127.0.0.1", port))


def a_server():
    """Listens for others."""
    return http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler).server_port


def a_name():
    """Asks for the address of a name."""
    return socket.getaddrinfo("localhost", 80)


def raw_packets():
    """Makes packets of its own."""
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)


def packets_of_the_wire():
    """Listens to all that passes on the wire."""
    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x300)


def the_kernel():
    """Talks to the kernel by netlink."""
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)


def the_host_of_a_virtual_machine():
    """Talks to it by vsock."""
    channel = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
    channel.settimeout(1)
    return channel


def the_kernels_cryptography():
    """Opens a socket to it."""
    return socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)


def a_socket_in_a_folder(socket_path):
    """Connects to a server of this machine that is known by a path."""
    channel = socket.socket(socket.AF_UNIX)
    channel.connect(socket_path)
    return channel


def a_socket_without_a_path(abstract):
    """Connects to a server of this machine that is known by a name in no folder."""
    channel = socket.socket(socket.AF_UNIX)
    channel.connect(f"\0{abstract}")
    return channel


def a_pair():
    """Makes two that are connected, and sends a descriptor through."""
    this, other = socket.socketpair()
    socket.send_fds(this, [b"x"], [0])
    return socket.recv_fds(other, 1, 1)


def by_multiprocessing(abstract):
    """Connects as multiprocessing does."""
    return connection.Client(f"\0{abstract}", family="AF_UNIX")


def by_ctypes(port):
    """Makes a socket with the C library and connects it."""
    library = libc()
    channel = done(library.socket(socket.AF_INET, socket.SOCK_STREAM, 0))
    address = (
        socket.AF_INET.to_bytes(2, "little") + port.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
    )
    return done(library.connect(channel, address, len(address))) == 0


def by_number():
    """Makes the calls socket and socketpair."""
    try:
        return call(41, socket.AF_INET, socket.SOCK_STREAM, 0) >= 0
    except OSError:
        return call(53, socket.AF_UNIX, socket.SOCK_STREAM, 0, (ctypes.c_int * 2)()) == 0


def by_a_ring():
    """Has the kernel work through a ring of requests, past filters of calls."""
    return call(425, 4, ctypes.create_string_buffer(120)) >= 0


def a_descriptor_that_is_a_socket():
    """Takes one of its descriptors for a socket and accepts on it."""
    for descriptor in range(256):
        try:
            socket.socket(fileno=os.dup(descriptor)).accept()
        except OSError:
            continue
        return descriptor
    return None
