import { readFileSync } from "node:fs";

/** Lists the IPv4 and IPv6 addresses on which this port listens, in the kernel's notation. */
export function listListeners(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A /gm)]
      .filter((match) => match[2] === hex)
      .map((match) => match[1] ?? ""),
  );
}
