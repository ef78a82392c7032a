import { describe, expect, test } from "vitest";
import { readAwsSso, type ToolFile } from "../../src/import/aws-sso/read.ts";
import type { ToolReading } from "../../src/import/entry.ts";
import { listLeft, listRoles, toConfig } from "./read.ts";

/** The files of aws-sso-cli: config.yaml and cache.json of several versions, and the block in the AWS config. */

interface Files {
  readonly yaml?: string;
  readonly cache?: unknown;
  readonly aws?: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function read({ yaml, cache, aws = "", env = {} }: Files): Promise<ToolReading> {
  const toFile = (path: string, text: string | undefined): ToolFile | undefined =>
    text === undefined ? undefined : { path, text };
  const json = typeof cache === "string" || cache === undefined ? cache : JSON.stringify(cache);
  return readAwsSso(
    toConfig(aws),
    { config: toFile("config.yaml", yaml), cache: toFile("cache.json", json) },
    env,
  );
}

const SIGN_IN = `SSOConfig:
    Acme:
        SSORegion: eu-west-1
        StartUrl: https://acme.awsapps.com/start
`;
const AT_ACME = "at https://acme.awsapps.com/start eu-west-1";

const YAML = `SSOConfig:
  Acme:
    SSORegion: eu-west-1
    StartUrl: https://acme.awsapps.com/start
    DefaultRegion: us-east-2
    Accounts:
      # Numbers, as people write them: one has lost its leading zeros.
      12345678901:
        Name: Payments Prod
        DefaultRegion: us-west-2
        Tags: { Team: payments }
        Roles:
          Admin:
            Profile: pay
            DefaultRegion: eu-north-1
          ViewOnly:
      "000000000042":
        Name: Search
        Roles:
          ViewOnly: {}
      111122223333:
        Name: Only a name
DefaultRegion: ap-south-1
ConfigVariables:
  output: yaml
  sts_regional_endpoints: regional
`;

describe("config.yaml", () => {
  test("gives roles account IDs with leading zeros, the nearest region, and their own or the default name", async () => {
    const reading = await read({ yaml: YAML });
    expect(listRoles(reading)).toEqual([
      `pay: 012345678901 Admin eu-north-1 ${AT_ACME}`,
      `012345678901:ViewOnly: 012345678901 ViewOnly us-west-2 ${AT_ACME}`,
      `000000000042:ViewOnly: 000000000042 ViewOnly us-east-2 ${AT_ACME}`,
    ]);
    expect(
      reading.roles.map(({ accountName, output, sessionName }) => [
        accountName,
        output,
        sessionName,
      ]),
    ).toEqual([
      ["Payments Prod", "yaml", "Acme"],
      ["Payments Prod", "yaml", "Acme"],
      ["Search", "yaml", "Acme"],
    ]);
    expect(listLeft(reading)).toEqual([]);
  });

  test.each([
    ["'{{ .AccountName }}/{{ .RoleName }}'", "Payments Prod/ViewOnly"],
    [
      "'{{ FirstItem .AccountName (.AccountAlias | nospace) }}:{{ .RoleName }}'",
      "Payments Prod:ViewOnly",
    ],
    ["'{{ AccountIdStr .AccountId }}:{{ .RoleName }}'", "012345678901:ViewOnly"],
    ["'{{ .AccountAlias }}'", "-"],
    ["'{{ if .AccountName }}x{{ end }}'", "-"],
    ["{{ .RoleName }}", "-"],
  ])("ProfileFormat: %s names a profile %s", async (format, name) => {
    const yaml = YAML.replace("DefaultRegion: ap-south-1", `ProfileFormat: ${format}`);
    // An unquoted format is not a text in YAML, so the whole file is refused.
    const reading = await read({ yaml }).catch((thrown: Error) => thrown.message);
    if (typeof reading === "string")
      return expect(reading).toBe("config.yaml, line 23 is not valid YAML.");
    expect(reading.roles[1]?.name ?? "-").toBe(name);
    expect(listLeft(reading)).toEqual(
      name === "-"
        ? [
            "config.yaml, ProfileFormat, line 23: it can't be applied here: profiles get the names that profiles sync would give",
          ]
        : [],
    );
  });

  test("gives the command that lists the roles of a sign-in without roles", async () => {
    const reading = await read({ yaml: SIGN_IN });
    expect(reading).toMatchObject({ roles: [], isFound: true });
    expect(listLeft(reading)).toEqual([
      "config.yaml, SSOConfig.Acme, line 2: no roles of it are known here. List them: latchkey profiles sync --sso-session Acme --start-url https://acme.awsapps.com/start --sso-region eu-west-1",
    ]);
  });

  test("keeps two people's sign-ins to one portal separate, and supports anchors and merged maps", async () => {
    const yaml = `SSOConfig:
  Me: &me
    SSORegion: eu-west-1
    StartUrl: https://acme.awsapps.com/start
    Accounts:
      111122223333: { Roles: { Admin: } }
  Boss:
    <<: *me
    StartUrl: https://acme.awsapps.com/start/
`;
    const { roles } = await read({ yaml });
    expect(roles.map(({ signIn, accountId }) => [signIn, accountId])).toEqual([
      ["Me", "111122223333"],
      ["Boss", "111122223333"],
    ]);
  });

  test.each([
    [
      "a role that is assumed through another",
      "111122223333: { Roles: { Ops: { Via: arn:aws:iam::111122223333:role/Admin } } }",
      "Accounts.111122223333.Roles.Ops, line 6: it is assumed through another role (Via)",
    ],
    [
      "an invalid account ID",
      "payments: { Roles: { Ops: } }",
      "Accounts.payments.Roles.Ops, line 6: its account id is not 12 digits",
    ],
    [
      "roles as a list",
      "111122223333: { Roles: [Ops] }",
      "Accounts.111122223333.Roles, line 6: it is not a map",
    ],
    [
      "an invalid role name",
      '111122223333: { Roles: { "a b": } }',
      "Accounts.111122223333.Roles.a b, line 6: its role name is not a role's name",
    ],
  ])("leaves out %s", async (_, account, left) => {
    const yaml = `${SIGN_IN}        Accounts:\n            ${account}\n`;
    expect(listLeft(await read({ yaml }))).toContain(`config.yaml, SSOConfig.Acme.${left}`);
  });

  test.each([
    ["a tab in its indentation", `${SIGN_IN}\t\tAccounts:\n`, 5],
    ["a duplicate key", `${SIGN_IN}        StartUrl: https://x.awsapps.com/start\n`, 5],
    ["a template", `{{ if eq .chezmoi.os "linux" }}\n${SIGN_IN}`, 2],
  ])(
    "with %s is refused with its line number, and its text is not shown",
    async (_, yaml, line) => {
      await expect(read({ yaml: yaml.replace("Acme", "Secret-hunter2") })).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: `config.yaml, line ${line} is not valid YAML.`,
      });
    },
  );

  test.each([
    ["", "1"],
    ["SSOConfig: []\n", "1"],
    ["Browser: x\nSSOConfig:\n", "2"],
    ["- a\n", "1"],
  ])("without sign-ins (%j) is found and reported", async (yaml, line) => {
    const reading = await read({ yaml });
    expect(reading).toMatchObject({ roles: [], isFound: true });
    expect(listLeft(reading)).toEqual([`config.yaml, SSOConfig, line ${line}: it has no sign-ins`]);
  });

  test.each([
    ["in maps", (last: string) => `{ a: ${last}, b: ${last}, c: ${last} }`],
    ["merged", (last: string) => `{ <<: [${Array.from({ length: 60 }, () => last).join(", ")}] }`],
  ])("nested aliases (%s) are read in a short time", { tags: ["long"] }, async (_, wrap) => {
    const levels = Array.from(
      { length: 30 },
      (_each, index) =>
        `l${index}: &l${index} ${index === 0 ? "{ x: y }" : wrap(`*l${index - 1}`)}`,
    );
    const yaml = `${levels.join("\n")}\n${SIGN_IN}        Accounts: *l29\n`;
    const roles = await read({ yaml }).then(
      (reading) => reading.roles,
      (thrown: Error) => thrown.message,
    );
    expect([[], "config.yaml merges more than 20000 maps."]).toContainEqual(roles);
  });
});

const CACHE = {
  Version: 4,
  ConfigCreatedAt: 1635710861,
  SSO: {
    Acme: {
      LastUpdate: 1635913188,
      Roles: {
        SSORegion: "eu-west-1",
        StartUrl: "https://acme.awsapps.com/start",
        DefaultRegion: "",
        Accounts: {
          "25823461518": {
            Alias: "Control Tower",
            Name: "Tower",
            EmailAddress: "tower@example.com",
            DefaultRegion: "eu-north-1",
            Roles: {
              Admin: { Arn: "arn:aws:iam::025823461518:role/Admin", Expires: 0, Tags: {} },
              Ops: { Arn: "x", Via: "arn:aws:iam::025823461518:role/Admin" },
            },
          },
        },
      },
    },
  },
};

describe("cache.json", () => {
  test("adds roles that config.yaml does not have, and the account names of AWS", async () => {
    const yaml = `${SIGN_IN}ProfileFormat: '{{ kebabcase .AccountAlias }}.{{ .RoleName | lower }}'\n`;
    const reading = await read({ yaml, cache: CACHE });
    expect(listRoles(reading)).toEqual([
      `control-tower.admin: 025823461518 Admin eu-north-1 ${AT_ACME}`,
    ]);
    expect(reading.roles[0]).toMatchObject({
      accountName: "Control Tower",
      emailAddress: "tower@example.com",
    });
    expect(listLeft(reading)).toEqual([
      "cache.json, 025823461518 Ops: it is assumed through another role (Via)",
    ]);
  });

  test.each([["{ half"], ["[]"], ['{"SSO":{"Acme":null,"B":{"Roles":{"Accounts":{"1":7}}}}}']])(
    "that is damaged (%s) does not affect the roles of config.yaml",
    async (cache) => {
      const { roles } = await read({ yaml: YAML, cache });
      expect(roles).toHaveLength(3);
    },
  );
});

describe("the block in the AWS config", () => {
  const block = (line: string): string => `# BEGIN_AWS_SSO_CLI

[profile theirs]
credential_process = ${line}
region = eu-north-1
output = text

# END_AWS_SSO_CLI
`;

  test.each([
    ['/usr/local/bin/aws-sso -u open -S "Acme" process --arn arn:aws:iam::111122223333:role/Admin'],
    ['aws-sso -S "Acme" process --arn arn:aws:iam::111122223333:role/Admin'],
    ["aws-sso process --sso Acme --arn arn:aws-us-gov:iam::111122223333:role/Admin"],
    ["C:\\Tools\\aws-sso.exe --sso=Acme process --arn=111122223333:Admin"],
    ["aws-sso process -A 111122223333 -R Admin"],
    ["/opt/wrapper -S Acme process --arn arn:aws:iam::111122223333:role/Admin"],
  ])("is read from %s", async (line) => {
    const reading = await read({ yaml: SIGN_IN, aws: block(line) });
    expect(listRoles(reading)).toEqual([`theirs: 111122223333 Admin eu-north-1 ${AT_ACME}`]);
    expect(reading.roles[0]?.output).toBe("text");
    expect(listLeft(reading)).toEqual([]);
  });

  test.each([
    [
      "aws-sso -S Other process --arn arn:aws:iam::111122223333:role/Admin",
      "no file of aws-sso describes its sign-in",
    ],
    ["aws-sso process --profile x", "its line names no account and role"],
  ])("is left out for %s: %s", async (line, reason) => {
    const reading = await read({ aws: block(line) });
    expect(reading).toMatchObject({ roles: [], isFound: true });
    expect(listLeft(reading)).toEqual([`config, [profile theirs], line 3: ${reason}`]);
  });

  test("no files mean that the tool was not found", async () => {
    expect(await read({})).toEqual({ roles: [], left: [], isFound: false });
  });
});
