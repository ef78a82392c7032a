// Runs the rows of test/clients against the real clients, and compares with latchkey's model of them; then explains their errors.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CHECKOUT } from "../../test/support/program.ts";
import { readOptions } from "../options.ts";

const { values } = readOptions({
  help: `
Usage: npm run test:clients [-- OPTION]

Asks each real client that is set up (npm run setup:clients) for the credentials
of each row of test/clients, and compares with what latchkey says it does. Then
puts each into the situations of test/clients/situations, and gives what it
prints to latchkey explain, which has to name the cause.

  --quick     a part of the rows and situations, without the clients in Java and
              Rust: what CI repeats
  -h, --help  print this help`,
  options: { quick: { type: "boolean" } },
});

const { status } = spawnSync(
  process.execPath,
  [
    join(CHECKOUT, "node_modules", "vitest", "vitest.mjs"),
    ...["run", "--config", "vitest.clients.config.ts"],
  ],
  {
    cwd: CHECKOUT,
    env: { ...process.env, LATCHKEY_TEST_QUICK: values.quick === true ? "1" : "" },
    stdio: "inherit",
  },
);
process.exitCode = status ?? 1;
