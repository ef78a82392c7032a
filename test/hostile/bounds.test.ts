import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createSignedInHome, testOnPosixOnly } from "../support/home.ts";
import { NO_SHELL } from "../support/windows.ts";
import { start } from "../faults/support/child.ts";
import { patience } from "../support/patience.ts";

/** Kind 4: latchkey ends what a server or a child would continue forever, and reports which limit was reached. */

/** The answers of a portal to its n-th request, for lists of accounts and of roles. */
interface EndlessPortal {
  readonly toAccounts: (n: number) => object;
  readonly toRoles: (n: number) => object;
}

async function startPortal({
  toAccounts,
  toRoles,
}: EndlessPortal): Promise<{ url: string; countRequests: () => number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume();
    asked += 1;
    response.writeHead(200, { "content-type": "application/json" });
    const isRoles = request.url?.includes("/assignment/roles") === true;
    response.end(JSON.stringify(isRoles ? toRoles(asked) : toAccounts(asked)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    countRequests: () => asked,
  };
}

const ACCOUNT = { accountId: "100000000001", accountName: "a" };

const listOneAccount = (): object => ({ accountList: [ACCOUNT] });
const listSameAccount = (n: number): object => ({
  accountList: [ACCOUNT],
  nextToken: `token-${n}`,
});
const listNextAccount = (n: number): object => ({
  accountList: [{ ...ACCOUNT, accountId: `${100_000_000_000 + n}` }],
  nextToken: `token-${n}`,
});
const listNextRole = (n: number): object => ({
  roleList: [{ roleName: `role-${n}` }],
  nextToken: `token-${n}`,
});

test.each<[string, string, EndlessPortal]>([
  ["accounts", "the same account", { toAccounts: listSameAccount, toRoles: listNextRole }],
  ["accounts", "another account", { toAccounts: listNextAccount, toRoles: listNextRole }],
  ["roles", "another role", { toAccounts: listOneAccount, toRoles: listNextRole }],
  [
    "profiles sync --prune --yes",
    "another role",
    { toAccounts: listOneAccount, toRoles: listNextRole },
  ],
])(
  "4.1: with endless pages, latchkey %s (each page has %s) gives up, reports it and changes nothing",
  async (line, _, portal) => {
    const home = await createSignedInHome();
    const before = home.read(".aws/config");
    const { url, countRequests } = await startPortal(portal);
    const result = await home.run(line.split(" "), { env: { AWS_ENDPOINT_URL_SSO: url } });
    expect(result).toMatchObject({ exitCode: 6, stdout: "" });
    expect(result.stderr).toContain("the list would never end");
    expect(countRequests()).toBeLessThanOrEqual(1_000);
    expect(home.read(".aws/config")).toBe(before);
  },
  patience(60_000),
);

test.each([[7], [{}], [["x"]], ["x".repeat(20_000)]])(
  "4.2: an invalid page token (%#) does not end the list",
  async (nextToken) => {
    const home = await createSignedInHome();
    home.emulator.setFault({
      route: "ListAccounts",
      status: 200,
      body: { accountList: [ACCOUNT], nextToken },
    });
    const result = await home.run(["profiles", "sync", "--prune", "--yes"]);
    expect(result).toMatchObject({ exitCode: 6, stdout: "" });
    expect(result.stderr).toContain("nextToken");
  },
);

test.each([
  ["nested 5,000 deep", `${"<a>".repeat(5_000)}${"</a>".repeat(5_000)}`],
  ["with names of JavaScript's own", "<__proto__><constructor>x</constructor></__proto__>"],
  ["with a name of JavaScript's own inside", "<a><__proto__ b='c'/></a>"],
  ["of comments without an end", "<!-- --><!--".repeat(3_000)],
  ["of processing instructions", "<?a ?>".repeat(20_000)],
])("4.3: SAML metadata %s is rejected at once", async (_, text) => {
  const home = await createSignedInHome();
  const path = home.write("metadata.xml", text);
  const running = start(home, ["federation", "metadata", path]);
  const { exitCode, stderr, stdout, milliseconds } = await running.ended;
  expect(exitCode, stderr).toBe(1);
  expect(`${stdout}${stderr}`).not.toContain("went wrong inside");
  expect(milliseconds).toBeLessThan(patience(5_000));
});

testOnPosixOnly(NO_SHELL)(
  "4.4: latchkey ends another tool's hanging credential_process when it ends itself",
  async () => {
    const home = await createSignedInHome();
    home.write(".aws/config", "[profile other]\ncredential_process = sleep 600\n");
    const running = start(home, ["export", "other"]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    running.kill("SIGTERM");
    const { exitCode, milliseconds } = await running.ended;
    expect(exitCode).toBe(143);
    expect(milliseconds).toBeLessThan(patience(10_000));
  },
);

testOnPosixOnly(NO_SHELL)(
  "4.7: another tool's credential_process that reads stdin finds it empty, and does not wait",
  async () => {
    const home = await createSignedInHome();
    home.write(".aws/config", "[profile other]\ncredential_process = cat\n");
    const { exitCode, stderr } = await home.run(["export", "other"]);
    expect(exitCode, stderr).toBe(7);
  },
);
