import { describe, expect, test } from "vitest";
import type { ImportedRole } from "../../src/import/entry.ts";
import { planImport, type ImportOrder, type PlannedImport } from "../../src/import/plan.ts";
import { parseTemplate } from "../../src/model/name-template.ts";
import { toConfig } from "./read.ts";

/** Plans of roles of a tool for a config: the profiles that are added. */

const ROLE: ImportedRole = {
  name: undefined,
  startUrl: "https://acme.awsapps.com/start",
  ssoRegion: "eu-west-1",
  sessionName: undefined,
  signIn: undefined,
  scopes: undefined,
  accountId: "111122223333",
  accountName: "Payments Prod",
  emailAddress: undefined,
  roleName: "Admin",
  region: undefined,
  output: undefined,
};

const SESSION = `[sso-session corp]
sso_start_url = https://acme.awsapps.com/start/#
sso_region = eu-west-1
`;

interface Wanted {
  readonly config?: string;
  readonly roles: ReadonlyArray<Partial<ImportedRole>>;
  readonly order?: Partial<ImportOrder>;
  readonly template?: string;
}

function plan({ config = "", roles, order = {}, template }: Wanted): PlannedImport {
  const defaults = {
    template: template === undefined ? undefined : parseTemplate(template),
    region: undefined,
    output: undefined,
    listed: [],
    accounts: new Map(),
  };
  return planImport(toConfig(config).document, new Map(), {
    roles: roles.map((role) => ({ ...ROLE, ...role })),
    ssoSession: undefined,
    form: "sso-session",
    region: undefined,
    output: undefined,
    force: false,
    file: "config",
    program: ["/bin/latchkey"],
    credentials: new Set(["keys"]),
    findDefaults: () => defaults,
    ...order,
  });
}

const listAdded = ({ sessions }: PlannedImport): string[] =>
  sessions.flatMap(({ session, plan: { add } }) =>
    add.map(
      ({ name, account, roleName, region = "-" }) =>
        `${name}: ${account.accountId} ${roleName} ${region} ${session.name}`,
    ),
  );
const listCollisions = ({ plan: { collisions } }: PlannedImport): string[] =>
  collisions.map(({ wanted: { name, roleName }, reason }) => `${name} ${roleName} ${reason}`);

describe("names", () => {
  test.each([
    ["the tool's if it is free", [{ name: "pay.Admin" }], ["pay.Admin: 111122223333 Admin - acme"]],
    ["sync's if the tool has none", [{}], ["payments-prod: 111122223333 Admin - acme"]],
    [
      "sync's, with the role, if an account has several",
      [{}, { roleName: "View" }],
      [
        "payments-prod-admin: 111122223333 Admin - acme",
        "payments-prod-view: 111122223333 View - acme",
      ],
    ],
    [
      "sync's if the tool gives one name to two roles",
      [{ name: "pay" }, { name: "pay", roleName: "View" }],
      [
        "payments-prod-admin: 111122223333 Admin - acme",
        "payments-prod-view: 111122223333 View - acme",
      ],
    ],
    [
      "sync's if no client can read the tool's",
      [{ name: "pay prod" }],
      ["payments-prod: 111122223333 Admin - acme"],
    ],
    ["sync's for default", [{ name: "default" }], ["payments-prod: 111122223333 Admin - acme"]],
    [
      "sync's if the credentials file has keys of the name",
      [{ name: "keys" }],
      ["payments-prod: 111122223333 Admin - acme"],
    ],
    [
      "the account's ID if its name is unknown",
      [{ accountName: undefined }],
      ["111122223333: 111122223333 Admin - acme"],
    ],
    [
      "one with its region for each region of a role",
      [{ region: "eu-west-1", name: "a" }, { region: "us-east-1" }],
      [
        "a: 111122223333 Admin eu-west-1 acme",
        "payments-prod-us-east-1: 111122223333 Admin us-east-1 acme",
      ],
    ],
    [
      "only one for a role with two names",
      [{ name: "a" }, { name: "b" }],
      ["a: 111122223333 Admin - acme"],
    ],
  ])("are %s", (_, roles, added) => {
    expect(listAdded(plan({ roles }))).toEqual(added);
  });

  test("follow the template of the settings, which is skipped if the region is unknown", () => {
    const [template, named] = ["{role|lower}-{region}", "admin-eu-west-1"];
    expect(listAdded(plan({ roles: [{ region: "eu-west-1" }], template }))[0]).toContain(named);
    expect(listAdded(plan({ roles: [{}], template }))[0]).toContain("payments-prod:");
  });

  test("are reported if sync's is taken as well", () => {
    const config = `${SESSION}[profile pay.Admin]\nregion = x\n[profile payments-prod]\nregion = x\n`;
    expect(listCollisions(plan({ config, roles: [{ name: "pay.Admin" }] }))).toEqual([
      "payments-prod Admin yours",
    ]);
    const clash = [{ name: "search" }, { accountId: "222233334444", accountName: "search" }];
    const planned = plan({ roles: clash });
    expect(listAdded(planned)).toEqual(["search: 111122223333 Admin - acme"]);
    expect(listCollisions(planned)).toEqual(["search Admin imported"]);
  });

  test("of a role with two names in the tool are reported until it has a profile", () => {
    const roles = [{ name: "a" }, { name: "b" }, {}];
    const planned = plan({ roles });
    expect(listCollisions(planned)).toEqual(["b Admin double"]);
    expect(listCollisions(plan({ config: planned.document.text, roles }))).toEqual([]);
  });

  test("come from the account's last listing, as sync makes them", () => {
    const account = { accountId: "111122223333", accountName: "Pay", emailAddress: undefined };
    const listed = [
      { account, roleName: "Admin" },
      { account, roleName: "View" },
    ];
    const accounts = new Map([[account.accountId, account]]);
    const defaults = { template: undefined, region: "eu-west-1", output: "text", listed, accounts };
    const planned = plan({ roles: [{}], order: { findDefaults: () => defaults } });
    expect(listAdded(planned)).toEqual(["pay-admin: 111122223333 Admin eu-west-1 acme"]);
    expect(planned.document.text).toContain("output = text");
  });
});

describe("sessions", () => {
  test.each([
    ["the company's word", [{}], {}, ["acme"]],
    ["the tool's name", [{ sessionName: "work" }], {}, ["work"]],
    ["no name that all tools use", [{ sessionName: "Default" }], {}, ["acme"]],
    ["no invalid name", [{ sessionName: "my work" }], {}, ["acme"]],
    ["the given name", [{ sessionName: "work" }], { ssoSession: "mine" }, ["mine"]],
    [
      "one for each start URL",
      [{}, { startUrl: "https://d-1234567890.awsapps.com/start", accountId: "222233334444" }],
      {},
      ["acme", "sso"],
    ],
    [
      "the same for a start URL with another slash",
      [{}, { startUrl: `${ROLE.startUrl}/`, roleName: "View" }],
      {},
      ["acme"],
    ],
    [
      "one for each person's sign-in",
      [
        { signIn: "Me", sessionName: "Me" },
        { signIn: "Boss", sessionName: "Boss" },
      ],
      {},
      ["Me", "Boss"],
    ],
  ])("get %s", (_, roles, order, names) => {
    const { sessions } = plan({ roles, order });
    expect(sessions.map(({ session, isNew }) => [session.name, isNew])).toEqual(
      names.map((name) => [name, true]),
    );
  });

  test("of the same portal are used and keep their spelling of its URL", () => {
    const planned = plan({
      config: SESSION,
      roles: [{ sessionName: "work" }],
      order: { ssoSession: "mine" },
    });
    expect(planned.sessions.map(({ session, isNew }) => [session.name, isNew])).toEqual([
      ["corp", false],
    ]);
    expect(planned.document.text.startsWith(SESSION)).toBe(true);
    expect(planned.document.text).not.toContain("[sso-session mine]");
  });

  test.each([
    [
      "one name for two",
      [
        { startUrl: "https://one.awsapps.com/start" },
        { startUrl: "https://other.awsapps.com/start" },
      ],
      "mine",
      /names one session, and 2 are new/,
    ],
    [
      "the name of another portal's session",
      [{ startUrl: "https://other.awsapps.com/start" }],
      "corp",
      /"corp" in config has another start URL/,
    ],
  ])("refuse %s", (_, roles, ssoSession, message) => {
    expect(() => plan({ config: SESSION, roles, order: { ssoSession } })).toThrow(message);
  });
});

describe("a role has a profile already", () => {
  const keys = "sso_account_id = 111122223333\nsso_role_name = Admin\n";
  const inline = "sso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n";

  test.each([
    ["of an SSO session", `${SESSION}[profile a]\nsso_session = corp\n${keys}`, 1],
    [
      "with SSO keys and another tool's mark",
      `[profile a]\n${inline}${keys}sso_auto_populated = true\n`,
      1,
    ],
    ["in another region", `[profile a]\n${inline}${keys}region = us-east-1\n`, 1],
    [
      "with latchkey's credential_process",
      `${SESSION}[profile a]\ncredential_process = /bin/latchkey credential-process --sso-session corp --account-id 111122223333 --role-name Admin\n`,
      1,
    ],
    ["[default]", `[default]\n${inline}${keys}`, 1],
    [
      "beside another tool's process",
      `[profile a]\n${inline}${keys}credential_process = granted credential-process --profile a\n`,
      0,
    ],
    ["of a session that does not exist", `[profile a]\nsso_session = gone\n${keys}`, 0],
    ["whose name some clients can't read", `[profile "a b"]\n${inline}${keys}`, 0],
    ["with keys in the credentials file", `[profile keys]\n${inline}${keys}`, 0],
    ["of another portal", `[profile a]\n${inline.replace("acme", "other")}${keys}`, 0],
  ])("%s", { tags: ["long"] }, (_, config, kept) => {
    const planned = plan({ config, roles: [{}] });
    expect([planned.plan.kept, planned.plan.add.length]).toEqual([kept, 1 - kept]);
    // Nothing is written if the role already has a profile.
    if (kept === 1) expect(planned.document.text).toBe(config);
  });

  test("of several regions, the missing ones are added", () => {
    const config = `[profile a]\n${inline}${keys}region = us-east-1\n`;
    const roles = [{ region: "us-east-1" }, { region: "eu-west-1" }];
    expect(listAdded(plan({ config, roles }))).toEqual([
      "payments-prod-eu-west-1: 111122223333 Admin eu-west-1 acme",
    ]);
  });
});

test(
  "ten thousand roles are planned in seconds, and the second plan has nothing to do",
  { tags: ["long"] },
  () => {
    const roles = Array.from({ length: 10_000 }, (_, index) => ({
      name: `n-${index}`,
      accountId: String(100_000_000_000 + Math.floor(index / 4)),
      accountName: `Account ${Math.floor(index / 4)}`,
      roleName: `Role${index % 4}`,
    }));
    const started = performance.now();
    const planned = plan({ roles });
    expect(planned.plan.add).toHaveLength(10_000);
    expect(planned.plan.memory.size).toBe(10_000);
    const again = plan({ config: planned.document.text, roles });
    expect([again.plan.kept, again.plan.add]).toEqual([10_000, []]);
    expect(performance.now() - started).toBeLessThan(20_000);
  },
);
