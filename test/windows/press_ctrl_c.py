"""Starts a program in a new console, presses Ctrl-C once it has printed "ready", and prints its exit code.

Usage: press_ctrl_c.py OUTPUT PROGRAM [WORD ...], where OUTPUT is the file for the program's output.
"""

import ctypes
import subprocess
import sys
import time

CTRL_C = 0
EVERY_PROCESS_OF_THE_CONSOLE = 0

kernel = ctypes.windll.kernel32
kernel.FreeConsole()
if not kernel.AllocConsole():
    sys.exit("no console could be made")

path, *words = sys.argv[1:]
with open(path, "wb") as output:
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    for _ in range(600):
        with open(path, "rb") as said:
            if b"ready" in said.read():
                break
        time.sleep(0.05)
    # From now on this process ignores Ctrl-C. Set only now, since the child would inherit it.
    kernel.SetConsoleCtrlHandler(None, True)
    kernel.GenerateConsoleCtrlEvent(CTRL_C, EVERY_PROCESS_OF_THE_CONSOLE)
    print(child.wait(timeout=60))
