"""The textbook's receiver: listen, take the name, answer ok, write what follows until the end."""
import os
import socket
import sys
import threading


def receive(wire, directory):
    with wire:
        name = wire.recv(4096).decode()
        if not name:
            return
        with open(os.path.join(directory, os.path.basename(name)), "wb") as content:
            wire.sendall(b"ok")
            while block := wire.recv(65536):
                content.write(block)
    print("received", name, flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit("usage: receiver.py HOST PORT DIR [--many]")
    listening = socket.create_server((sys.argv[1], int(sys.argv[2])))
    print("listening", listening.getsockname()[1], flush=True)
    while "--many" in sys.argv:
        wire, _ = listening.accept()
        threading.Thread(target=receive, args=(wire, sys.argv[3])).start()
    receive(listening.accept()[0], sys.argv[3])
