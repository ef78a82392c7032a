"""Runs a command on its own terminal, closes the terminal once it shows WORDS, and prints how the command ended.

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
