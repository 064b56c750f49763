"""Lets a Python process reach this machine alone: Python reads this file when its folder is on the path.

The guide that the tests look at is made under it, from exports to web pages: whatever asked for a network would end.
"""

import socket

_HERE = ("127.0.0.1", "::1", "localhost")
_connect, _lookup = socket.socket.connect, socket.getaddrinfo


def _connect_here(self, address):
    host = address[0] if isinstance(address, tuple) else ""
    if self.family != getattr(socket, "AF_UNIX", None) and host not in _HERE:
        raise SystemExit(f"network: {address}")
    return _connect(self, address)


def _look_up_here(host, *more, **wanted):
    if host not in (None, "", *_HERE):
        raise SystemExit(f"network: {host}")
    return _lookup(host, *more, **wanted)


socket.socket.connect = socket.socket.connect_ex = _connect_here
socket.getaddrinfo = _look_up_here
