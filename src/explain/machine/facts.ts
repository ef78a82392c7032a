import type { Outcome } from "../../clients/identity.ts";
import type { Finding } from "../../doctor/findings.ts";
import type { CauseId } from "../causes.ts";
import type { ClientId } from "../message.ts";
import type { Names } from "../names.ts";

/** The facts about this machine that the verdict is based on. undefined means that the fact was not checked. */
export interface Facts {
  readonly client: ClientId | undefined;
  readonly names: Names;
  readonly profile: ProfileFacts;
  /** Findings of the causes' rules about the profile or the whole machine. */
  readonly findings: readonly Finding[];
  readonly session: SessionFacts | undefined;
  readonly role: Attempt | undefined;
  readonly identity: Attempt | undefined;
  readonly process: ProcessFacts | undefined;
  readonly registry: RegistryFacts | undefined;
  /** Seconds by which the service's clock is ahead. */
  readonly clockAheadSeconds: number | undefined;
  /** `--offline`: no requests were made. */
  readonly isOffline: boolean;
}

export interface ProfileFacts {
  readonly name: string;
  /** How the profile was chosen. */
  readonly by: "flag" | "message" | "environment" | "default";
  /** Whether the config or the credentials file contains it. */
  readonly isKnown: boolean;
  /** The file and line of its section. */
  readonly place: string | undefined;
  /** Similar names of existing profiles. */
  readonly nearest: readonly string[];
  /** The config file. */
  readonly file: string;
  /** Flags for its session, account and role, if the files contain all three. */
  readonly roleFlags: string | undefined;
  /** Whether it has sso_session. */
  readonly hasSession: boolean;
  /** The Region of the environment, else of the profile. */
  readonly region: string | undefined;
  /** What the client does with the profile, according to files and variables. */
  readonly outcome: Outcome | undefined;
}

export interface SessionFacts {
  readonly label: string;
  /** Whether the session is missing from the config. */
  readonly isMissing: boolean;
  readonly loginCommand: string;
  readonly startUrl: string;
  readonly region: string;
  /** undefined if the config contains no scopes. */
  readonly scopes: readonly string[] | undefined;
  readonly token:
    | { readonly kind: "none" }
    | { readonly kind: "unreadable" }
    /** The token file contains another portal's token. */
    | { readonly kind: "foreign"; readonly region: string; readonly isOfSameUrl: boolean }
    | {
        readonly kind: "token";
        /** A time, for people. */
        readonly until: string;
        readonly isExpired: boolean;
        readonly hasRefreshToken: boolean;
        /** Whether AWS has refused to refresh the token (`refresh`) or to accept it (`token`). */
        readonly refused: "refresh" | "token" | undefined;
      };
  /** The portal's response; undefined if no request was made. */
  readonly portal: Attempt | undefined;
}

/** The result of repeating the client's request with latchkey's own code. */
export type Attempt =
  | { readonly kind: "works"; readonly words: string }
  | {
      readonly kind: "fails";
      /** The causes of latchkey's own message. */
      readonly causes: readonly CauseId[];
      readonly message: string;
      readonly hint: string | undefined;
    };

export interface ProcessFacts {
  /** The file and line of the key. */
  readonly place: string;
  /** undefined if the line does not show which program it runs. */
  readonly program: string | undefined;
  readonly isThere: boolean;
  readonly result:
    | { readonly kind: "not-run" }
    | { readonly kind: "silent"; readonly seconds: number }
    /** @param says the first line of its stderr. */
    | { readonly kind: "failed"; readonly exitCode: number; readonly says: string }
    | { readonly kind: "printed"; readonly fault: string | undefined };
}

export interface RegistryFacts {
  readonly host: string;
  readonly region: string | undefined;
  readonly file: string;
  readonly hasLogin: boolean;
  /** Docker's credential helper for this registry. */
  readonly helper: string | undefined;
  readonly isHelperThere: boolean;
}
