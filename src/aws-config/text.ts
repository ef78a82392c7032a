import { findFirstVisible, findLastVisible } from "./blanks.ts";

/** Bytes as text with one character a byte, so that what is no UTF-8 survives; and what such text says. */

/** The lines of a nested block, as Python's `splitlines` and `strip` make them; none is empty. */
export function splitNestedLines(value: string): string[] {
  const lines = encode(value).split(
    /[\n\r\v\f\u001c-\u001e]|\u00c2\u0085|\u00e2\u0080[\u00a8\u00a9]/,
  );
  return lines.map((line) => decode(strip(line))).filter((line) => line !== "");
}

export function strip(latin1: string): string {
  const first = findFirstVisible(latin1, 0, latin1.length);
  return latin1.slice(first, findLastVisible(latin1, first, latin1.length));
}

/** Latin-1 text as the UTF-8 that its bytes are; most of it is ASCII and is its own decoding. A mark inside the text is a character. */
export function decode(latin1: string): string {
  if (isAscii(latin1)) return latin1;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(toBytes(latin1));
}

export function encode(text: string): string {
  if (isAscii(text)) return text;
  return toLatin1(new TextEncoder().encode(text));
}

function isAscii(text: string): boolean {
  return /^[\u0000-\u007f]*$/.test(text);
}

export function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

export function toBytes(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}
