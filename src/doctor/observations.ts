import type { Environment } from "../context.ts";
import type { ConfigDocument, ConfigEntry, ConfigSection } from "../aws-config/document.ts";
import type { SectionEdit } from "../aws-config/edit.ts";
import { headerText } from "../aws-config/header.ts";
import type { SsoSession } from "../model/sso-session.ts";
import type { Obstacle } from "../fs/directories/own-state.ts";
import type { ForeignOwner } from "../fs/owner.ts";
import { findValue } from "../profiles/profile.ts";
import type { SettingsDoubt } from "../settings/file.ts";
import { locateLine, type RuleHit } from "./hit.ts";

/** The facts about a machine's AWS set-up that the rules use. */
export interface Observations {
  readonly env: Environment;
  readonly platform: string;
  readonly config: ObservedFile;
  readonly credentials: ObservedFile;
  /** The effective profiles and sessions of the config, each once. */
  readonly profiles: readonly ObservedSection[];
  readonly sessions: readonly ObservedSection[];
  /** Sections of the credentials file by profile name. */
  readonly credentialsProfiles: ReadonlyMap<string, ConfigSection>;
  readonly paths: readonly ObservedPath[];
  /** Files and directories below the AWS directory that another user owns. */
  readonly foreign: readonly ForeignOwner[];
  /** Why latchkey's own state can't be in `~/.aws/latchkey`. */
  readonly obstacle: Obstacle | undefined;
  /** Why latchkey ignores its settings. */
  readonly settingsDoubt: SettingsDoubt | undefined;
  readonly tokens: readonly ObservedToken[];
  readonly bundles: readonly ObservedBundle[];
  /** Programs of credential_process lines → whether they can be run. */
  readonly programs: ReadonlyMap<string, boolean>;
  /** Programs on PATH of which many versions use the SDK for Go v1. */
  readonly goTools: readonly string[];
  /** Empty if no request was made. */
  readonly services: readonly ObservedService[];
  readonly tools: readonly ObservedTool[];
}

export interface ObservedFile {
  readonly path: string;
  readonly exists: boolean;
  /** The error message if it could not be read. */
  readonly refusal: string | undefined;
  /** How to fix it, if known. */
  readonly cure?: string | undefined;
  /** Empty if the file does not exist or can't be read. */
  readonly document: ConfigDocument;
}

export interface ObservedSection extends ConfigSection {
  readonly type: "profile" | "sso-session";
  /** With its brackets: `[profile okta]`. */
  readonly header: string;
  value(key: string): string | undefined;
  /** Whether one of these keys has a value. */
  hasAny(...keys: readonly string[]): boolean;
  /** Returns file and line of the first of these keys that exists, else of the header. */
  locate(...keys: readonly string[]): string;
  /**
   * Returns a hit at the first of these keys that exists, else at the header.
   * @param text follows the header: "has no sso_region".
   */
  hit(
    keys: string | readonly string[],
    text: string,
    hint: string,
    edits?: readonly SectionEdit[],
  ): RuleHit;
}

export interface ObservedPath {
  readonly path: string;
  readonly kind: "config" | "credentials" | "token" | "directory" | "own-directory";
  /** Permission bits; undefined if the platform or the file system has none. */
  readonly mode: number | undefined;
  /** Whether it is below the AWS directory and belongs to this user. */
  readonly isOurs: boolean;
}

/** The token file of a configured session. Sessions without a token file have no entry. */
export interface ObservedToken {
  readonly session: SsoSession;
  readonly path: string;
  /** "foreign": it has another start URL or region than the config. */
  readonly state: "usable" | "expired" | "foreign" | "unreadable";
  readonly refreshable: boolean;
  /** Unparsed. */
  readonly expiresAt: string | undefined;
  readonly hasRegistrationDate: boolean;
}

export interface ObservedBundle {
  /** The variable with its value, or the line of the config. */
  readonly evidence: string;
  readonly refusal: string | undefined;
}

export interface ObservedService {
  readonly region: string;
  /** Seconds by which the service's clock is ahead of this machine's. */
  readonly aheadSeconds: number | undefined;
  /** Why the service did not answer. */
  readonly failure: { readonly message: string; readonly hint: string } | undefined;
}

export interface ObservedTool {
  readonly name: "aws" | "terraform";
  readonly version: readonly [major: number, minor: number];
}

export function toObservedSection(
  path: string,
  section: ConfigSection & Pick<ObservedSection, "type">,
): ObservedSection {
  const header = formatHeader(section);
  const locate = (...keys: readonly string[]): string => locateKey(path, section, ...keys);
  return {
    ...section,
    header,
    locate,
    value: (key) => findValue(section, key),
    hasAny: (...keys) => keys.some((key) => findValue(section, key) !== undefined),
    hit: (keys, text, hint, edits) => ({
      what: `${header} ${text}`,
      evidence: locate(...[keys].flat()),
      hint,
      edits,
    }),
  };
}

export function formatHeader(section: Pick<ConfigSection, "type" | "name">): string {
  return `[${headerText(section)}]`;
}

/** Returns file and line of the first of these keys that exists, else of the header. */
export function locateKey(
  path: string,
  section: ConfigSection,
  ...keys: readonly string[]
): string {
  const entry = keys.map((key) => findEntry(section, key)).find((found) => found !== undefined);
  return locateLine(path, (entry ?? section).line);
}

/** Returns the key's entry, even if it has no value. */
export function findEntry(section: ConfigSection, key: string): ConfigEntry | undefined {
  return section.entries.find((entry) => entry.key === key);
}

/** Whether the profile itself has the start URL. */
export function isLegacy(section: ObservedSection): boolean {
  return !section.hasAny("sso_session") && section.hasAny("sso_start_url");
}
