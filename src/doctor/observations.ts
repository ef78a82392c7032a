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

/** What was seen of a machine's AWS set-up: all that the rules judge by. */
export interface Observations {
  readonly env: Environment;
  readonly platform: string;
  readonly config: ObservedFile;
  readonly credentials: ObservedFile;
  /** Each profile and session of the config once, as it counts. */
  readonly profiles: readonly ObservedSection[];
  readonly sessions: readonly ObservedSection[];
  /** Sections of the credentials file by the names of their profiles. */
  readonly credentialsProfiles: ReadonlyMap<string, ConfigSection>;
  readonly paths: readonly ObservedPath[];
  /** What another user owns below the AWS directory. */
  readonly foreign: readonly ForeignOwner[];
  /** Why latchkey's own state can't be in `~/.aws/latchkey`. */
  readonly obstacle: Obstacle | undefined;
  /** Why latchkey does not go by its settings. */
  readonly settingsDoubt: SettingsDoubt | undefined;
  readonly tokens: readonly ObservedToken[];
  readonly bundles: readonly ObservedBundle[];
  /** Programs that a credential_process names → whether they can be run. */
  readonly programs: ReadonlyMap<string, boolean>;
  /** Programs of PATH that were built with the SDK for Go v1, in many of their versions. */
  readonly goTools: readonly string[];
  /** Empty where nothing was asked. */
  readonly services: readonly ObservedService[];
  readonly tools: readonly ObservedTool[];
}

export interface ObservedFile {
  readonly path: string;
  readonly exists: boolean;
  /** Why it could not be read, in the words of an error. */
  readonly refusal: string | undefined;
  /** What to do about that, where it is known. */
  readonly cure?: string | undefined;
  /** Empty where there is no file, or none that can be read. */
  readonly document: ConfigDocument;
}

export interface ObservedSection extends ConfigSection {
  readonly type: "profile" | "sso-session";
  /** With its brackets: `[profile okta]`. */
  readonly header: string;
  value(key: string): string | undefined;
  /** Whether one of these keys has a value. */
  hasAny(...keys: readonly string[]): boolean;
  /** File and line of the first of these keys that is there, else of the header. */
  locate(...keys: readonly string[]): string;
  /**
   * A hit at these keys, or the first of them that is there.
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
  /** Permission bits; undefined where the platform or the disk has none. */
  readonly mode: number | undefined;
  /** Whether it is below the AWS directory. */
  readonly isOurs: boolean;
}

/** The token file of a configured session; sessions without one are not among them. */
export interface ObservedToken {
  readonly session: SsoSession;
  readonly path: string;
  /** "foreign": it names another start URL or region than the config. */
  readonly state: "usable" | "expired" | "foreign" | "unreadable";
  readonly refreshable: boolean;
  /** As written. */
  readonly expiresAt: string | undefined;
  readonly hasRegistrationDate: boolean;
}

export interface ObservedBundle {
  /** The variable and its value, or the line of the config that names it. */
  readonly evidence: string;
  readonly refusal: string | undefined;
}

export interface ObservedService {
  readonly region: string;
  /** Seconds by which its clock is ahead of this machine's. */
  readonly aheadSeconds: number | undefined;
  /** Why it did not answer. */
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

/** File and line of the first of these keys that is there, else of the header. */
export function locateKey(
  path: string,
  section: ConfigSection,
  ...keys: readonly string[]
): string {
  const entry = keys.map((key) => findEntry(section, key)).find((found) => found !== undefined);
  return locateLine(path, (entry ?? section).line);
}

/** Also one without a value. */
export function findEntry(section: ConfigSection, key: string): ConfigEntry | undefined {
  return section.entries.find((entry) => entry.key === key);
}

/** Carries start URL and region itself. */
export function isLegacy(section: ObservedSection): boolean {
  return !section.hasAny("sso_session") && section.hasAny("sso_start_url");
}
