/** Files of other tools, in the forms that they write. */

export const CONFIG = ".aws/config";
export const PORTAL = "https://emu.awsapps.com/start";
/** Sections of another tool, with its own spacing and comment. */
export const GRANTED = `# kept by hand
[default]
region=eu-west-1

[profile Payments-Prod/ViewOnlyAccess]
granted_sso_start_url      = ${PORTAL}
granted_sso_region         = us-east-1
granted_sso_account_id     = 100000000001
granted_sso_role_name      = ViewOnlyAccess
granted_generated_from     = aws-sso
credential_process         = granted credential-process --profile Payments-Prod/ViewOnlyAccess

[profile keys]
credential_process         = granted credential-process --profile keys
`;

export const YAML = `SSOConfig:
    Work:
        SSORegion: us-east-1
        StartUrl: ${PORTAL}
        DefaultRegion: eu-west-1
        Accounts:
            100000000001:
                Name: Payments Prod
                Roles:
                    ViewOnlyAccess:
                        Profile: pay
                    Billing:
            42:
                Roles:
                    ViewOnlyAccess:
`;

const AWS_SSO_BLOCK = `# BEGIN_AWS_SSO_CLI

[profile 000000000042:ViewOnlyAccess]
credential_process = /usr/bin/aws-sso -u open -S "Work" process --arn arn:aws:iam::000000000042:role/ViewOnlyAccess
region = eu-north-1

# END_AWS_SSO_CLI
`;

export const AWS_VAULT = `[profile base]
sso_start_url=${PORTAL}
sso_region=us-east-1
region=eu-west-1

[profile search-ro]
include_profile=base
sso_account_id=000000000042
sso_role_name=ViewOnlyAccess
`;

export const AWS_SSO_UTIL = `[profile Payments.Billing]
sso_start_url = ${PORTAL}
sso_region = us-east-1
sso_account_name = Payments Prod
sso_account_id = 100000000001
sso_role_name = Billing
region = eu-west-1
credential_process = aws-sso-util credential-process --profile Payments.Billing
sso_auto_populated = true
`;

export interface Tool {
  readonly tool: string;
  readonly files: Readonly<Record<string, string>>;
  /** Profiles that are added, and their session. */
  readonly added: readonly string[];
  readonly session: string;
  readonly left?: number;
}

export const TOOLS: readonly Tool[] = [
  {
    tool: "granted",
    files: {
      [CONFIG]: GRANTED,
      ".granted/config": `[SSO.work]\nStartURL = "${PORTAL}"\nSSORegion = "us-east-1"\n`,
    },
    added: ["payments-prod"],
    session: "work",
    left: 1,
  },
  {
    tool: "aws-sso",
    files: { [CONFIG]: AWS_SSO_BLOCK, ".aws-sso/config.yaml": YAML },
    added: ["pay", "100000000001:Billing", "000000000042"],
    session: "Work",
  },
  { tool: "aws-vault", files: { [CONFIG]: AWS_VAULT }, added: ["000000000042"], session: "emu" },
  {
    tool: "aws-sso-util",
    files: { [CONFIG]: AWS_SSO_UTIL },
    added: ["payments-prod"],
    session: "emu",
  },
];
