import { toListenError } from "../terminal/local-server.ts";

/**
 * Returns the error for an emulator that can't listen on this machine.
 * @param wanted the port from `--port`; 0 for any free one
 */
export function toEmulatorError(thrown: unknown, wanted = 0): unknown {
  return toListenError(
    thrown,
    wanted,
    "Allow it in the sandbox, or run the command outside of it.",
  );
}
