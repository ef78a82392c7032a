/** Blocks the whole process: for the few places where a gap would be one for signal handlers, too. */
export function pauseSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
