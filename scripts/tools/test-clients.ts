// Runs the rows of test/clients with the real clients, compares the results with latchkey's model, and explains the
// clients' errors.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CHECKOUT } from "../../test/support/program.ts";
import { readOptions } from "../options.ts";

const { values } = readOptions({
  help: `
Usage: npm run test:clients [-- OPTION]

Asks each real client that is set up (npm run setup:clients) for the credentials
of each row of test/clients, and compares the results with latchkey's model. Then
runs each client in the situations of test/clients/situations, and gives its
output to latchkey explain, which must name the cause.

  --quick     only a part of the rows and situations, without the clients in Java
              and Rust, as in CI
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
