import type { Outcome } from "../../clients/identity.ts";
import type { Finding } from "../../doctor/findings.ts";
import type { CauseId } from "../causes.ts";
import type { ClientId } from "../message.ts";
import type { Names } from "../names.ts";

/** What was found on this machine about a message: all that `judge` goes by. What was not looked at is undefined. */
export interface Facts {
  readonly client: ClientId | undefined;
  readonly names: Names;
  readonly profile: ProfileFacts;
  /** Of the rules that the causes name, what concerns the profile or the whole machine. */
  readonly findings: readonly Finding[];
  readonly session: SessionFacts | undefined;
  readonly role: Attempt | undefined;
  readonly identity: Attempt | undefined;
  readonly process: ProcessFacts | undefined;
  readonly registry: RegistryFacts | undefined;
  /** Seconds by which the service's clock is ahead. */
  readonly clockAheadSeconds: number | undefined;
  /** Whether nothing outside of this machine was asked: `--offline`. */
  readonly isOffline: boolean;
}

export interface ProfileFacts {
  readonly name: string;
  /** What says that it is this one. */
  readonly by: "flag" | "message" | "environment" | "default";
  /** Whether the config or the credentials file has it. */
  readonly isKnown: boolean;
  /** File and line of its section. */
  readonly place: string | undefined;
  /** The nearest names that are there. */
  readonly nearest: readonly string[];
  /** The config file. */
  readonly file: string;
  /** The flags that say its session, account and role, where files tell them all. */
  readonly roleFlags: string | undefined;
  /** Whether it has sso_session. */
  readonly hasSession: boolean;
  /** The Region that the environment or the profile says. */
  readonly region: string | undefined;
  /** What the client that printed the message does by files and variables alone. */
  readonly outcome: Outcome | undefined;
}

export interface SessionFacts {
  readonly label: string;
  /** The session that is named, and that the config does not have. */
  readonly isMissing: boolean;
  readonly loginCommand: string;
  readonly startUrl: string;
  readonly region: string;
  /** undefined where the config names none. */
  readonly scopes: readonly string[] | undefined;
  readonly token:
    | { readonly kind: "none" }
    | { readonly kind: "unreadable" }
    /** In its place is a token of another portal. */
    | { readonly kind: "foreign"; readonly region: string; readonly isOfSameUrl: boolean }
    | {
        readonly kind: "token";
        /** In words for a person. */
        readonly until: string;
        readonly isExpired: boolean;
        readonly hasRefreshToken: boolean;
        /** Whether AWS has refused to renew it, or to take it. */
        readonly refused: "refresh" | "token" | undefined;
      };
  /** What the portal said; undefined where it was not asked. */
  readonly portal: Attempt | undefined;
}

/** What came of trying what the client tried, with latchkey's own means. */
export type Attempt =
  | { readonly kind: "works"; readonly words: string }
  | {
      readonly kind: "fails";
      /** What latchkey's own message means. */
      readonly causes: readonly CauseId[];
      readonly message: string;
      readonly hint: string | undefined;
    };

export interface ProcessFacts {
  /** File and line. */
  readonly place: string;
  /** undefined where the line names none that can be told. */
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
  /** The credential helper that Docker asks for this registry. */
  readonly helper: string | undefined;
  readonly isHelperThere: boolean;
}
