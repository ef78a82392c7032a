"""Runs a command on a terminal of its own, closes that terminal once it shows some words, and prints how it ended.

usage: close_terminal.py WORDS COMMAND...
"""
import os
import pty
import sys

pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
seen = b""
while sys.argv[1].encode() not in seen:
    chunk = os.read(terminal, 4096)
    if not chunk:
        sys.exit("the words were not seen")
    seen += chunk
os.close(terminal)
_, status = os.waitpid(pid, 0)
print(f"exit {os.WEXITSTATUS(status)}" if os.WIFEXITED(status) else f"signal {os.WTERMSIG(status)}")
