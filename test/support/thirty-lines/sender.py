"""The textbook's sender: connect, write the bare name, wait for ok, write the content, close."""
import os
import socket
import sys


def send(host, port, path):
    with socket.create_connection((host, port)) as wire:
        wire.sendall(os.path.basename(path).encode())
        answer = b""
        while len(answer) < 2:
            part = wire.recv(2 - len(answer))
            if not part:
                sys.exit("closed before ok")
            answer += part
        if answer != b"ok":
            sys.exit("answered %r" % answer)
        with open(path, "rb") as content:
            while True:
                block = content.read(65536)
                if not block:
                    break
                wire.sendall(block)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: sender.py HOST PORT FILE")
    send(sys.argv[1], int(sys.argv[2]), sys.argv[3])
