import { readFileSync } from "node:fs";
import type { BotocoreReading } from "../aws-config/botocore.ts";

/** The recorded output and input of the AWS CLI and the SDKs, from test/vectors/. */

type Values = Readonly<Record<string, string>>;
type Sections = Record<string, Record<string, string>>;

/** botocore returns sections of an unknown kind by their names; the edge cases have them under `other`. */
export type RecordedReading = Omit<BotocoreReading, "other"> &
  Partial<Pick<BotocoreReading, "other">>;

interface ParserVector {
  readonly text: string;
  /** The error message if botocore refuses the file. */
  readonly botocore: RecordedReading | string;
  readonly js: { readonly profiles: Sections };
}

interface EdgeVector {
  readonly id: string;
  readonly bytes_base64: string;
  readonly botocore: RecordedReading | { readonly error: string };
  readonly smithy: { readonly configFile: Sections };
}

export interface WriterVector {
  readonly id: string;
  readonly before: string | null;
  readonly section: string;
  readonly values: Values;
  readonly after: string | null;
  readonly copy: boolean;
}

interface CredentialsAnswer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration: string | null;
}

export type AwsFormat = "process" | "env" | "env-no-export" | "powershell" | "windows-cmd" | "fish";

interface AwsCliVectors {
  readonly token_cache: ReadonlyArray<{
    readonly input: string;
    readonly kind: string;
    readonly file: string;
  }>;
  readonly file_examples: {
    readonly token_device_or_pkce: Values;
    readonly registration_device: Readonly<Record<string, unknown>>;
    readonly registration_pkce: Readonly<Record<string, unknown>>;
    readonly js_refreshed_token_text: string;
  };
  readonly config_writer: readonly WriterVector[];
  readonly section_headers: ReadonlyArray<readonly [name: string, header: string]>;
  readonly config_parser: Readonly<Record<string, ParserVector>>;
  readonly configure_sso: ReadonlyArray<{
    readonly id: string;
    readonly config_before?: string;
    readonly config_after: string;
  }>;
  readonly account_sort: {
    readonly input: ReadonlyArray<{
      readonly accountId: string;
      readonly accountName: string;
      readonly emailAddress: string;
    }>;
    readonly shown: readonly string[];
    readonly roles_input: readonly string[];
    readonly roles_shown: readonly string[];
  };
  readonly credential_process: ReadonlyArray<{
    readonly id: string;
    readonly stdout: string | null;
    readonly js: CredentialsAnswer | string;
  }>;
  readonly export_credentials: Readonly<Record<AwsFormat, string>> & {
    readonly creds: {
      readonly AccessKeyId: string;
      readonly SecretAccessKey: string;
      readonly SessionToken: string;
      readonly expiry: string;
    };
  };
  readonly token_acceptance: ReadonlyArray<{
    readonly id: string;
    readonly js?: string;
    readonly js_session?: string;
  }>;
}

function load(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
}

export function loadVectors(): AwsCliVectors {
  return load("aws-cli-vectors.json") as AwsCliVectors;
}

export function loadEdges(): readonly EdgeVector[] {
  return (load("config-edges.json") as { readonly cases: readonly EdgeVector[] }).cases;
}
