#!/usr/bin/env python3
"""Upstreams that misbehave, one for each port of 127.0.0.1. Standard library only."""
import socket
import struct
import threading
import time

RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"


def well(connection):
    connection.recv(65536)
    connection.sendall(RESPONSE)


def resets(connection):
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closes(connection):
    connection.recv(65536)


def slow(connection):
    connection.recv(65536)
    time.sleep(5)


def truncates(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes\n")


def garbage(connection):
    connection.recv(65536)
    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")


def busy(connection):
    connection.recv(65536)
    connection.sendall(
        b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 30\r\nContent-Length: 5\r\n\r\nbusy\n"
    )


PORTS = {19001: well, 19002: resets, 19003: closes, 19004: slow, 19005: truncates, 19006: garbage,
         19007: busy}


def serve(port, behave):
    listener = socket.create_server(("127.0.0.1", port), backlog=64)

    def one(connection):
        with connection:
            try:
                behave(connection)
            except OSError:
                pass

    while True:
        connection, _ = listener.accept()
        threading.Thread(target=one, args=(connection,), daemon=True).start()


for number, behaviour in PORTS.items():
    threading.Thread(target=serve, args=(number, behaviour), daemon=True).start()
threading.Event().wait()
