// Runs callers of every kind for a given time, with random faults: throttling, cut connections, 5xx, delays, kill -9,
// expired tokens, and a writer that takes no lock. Prints calls, faults and losses, and exits 1 on any loss. A loss is
// a caller that had a refreshable session or valid credentials, but got nothing, or got the credentials of another role.
import { readOptions, refuse } from "../../options.ts";
import { openPlace } from "../place.ts";
import { checkAll, keepCalling } from "./callers.ts";
import { keepExpiring, keepFailing, keepRewriting } from "./faults.ts";
import { createTally, formatTally } from "./tally.ts";

const { words } = readOptions({
  help: `
Usage: npm run soak -- [MINUTES]

Runs callers with random faults for some minutes (default 1, fractions are allowed),
and prints calls, faults and losses. Exits 1 on any loss.

  -h, --help  print this help`,
  options: {},
  words: 1,
});
const minutes = Number(words[0] ?? "1");
if (!(minutes > 0)) refuse(`No number of minutes: ${words[0] ?? ""}`);

const AT_ONCE = 12;

const place = await openPlace();
const tally = createTally();
try {
  // A killed process may have used up its refresh token. During the grace period, the next process can use the token again.
  await place.emulator.turnKnob("rotation", { mode: "grace", graceMs: 3_600_000 });
  const end = Date.now() + minutes * 60_000;
  const soak = { place, tally, isRunning: () => Date.now() < end };
  await Promise.all([
    ...Array.from({ length: AT_ONCE }, () => keepCalling(soak)),
    keepFailing(soak),
    keepExpiring(soak),
    keepRewriting(soak),
  ]);
  await checkAll(soak);
} finally {
  place.close();
}
console.log(formatTally(tally));
if (tally.losses.length > 0) process.exitCode = 1;
