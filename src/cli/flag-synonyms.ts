/** Maps flags of other tools, and misplaced words, to latchkey's flags. */

/** The parts of oclif's flag definition that are used here. */
export interface FlagDefinition {
  readonly type: "boolean" | "option";
  readonly char?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly allowNo?: boolean | undefined;
  readonly multiple?: boolean | undefined;
  readonly options?: readonly string[] | undefined;
  readonly helpValue?: string | readonly string[] | undefined;
  readonly env?: string | undefined;
  readonly hidden?: boolean | undefined;
  readonly required?: boolean | undefined;
  readonly exclusive?: readonly unknown[] | undefined;
  readonly dependsOn?: readonly unknown[] | undefined;
  readonly exactlyOne?: readonly string[] | undefined;
  readonly atLeastOne?: readonly string[] | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Rejects invalid values. */
  readonly parse?: ((input: never, context: never, flag: never) => Promise<unknown>) | undefined;
}

export interface ArgDefinition {
  readonly options?: readonly string[] | undefined;
  readonly required?: boolean | undefined;
}

interface Known {
  readonly command: string;
  readonly flags: Readonly<Record<string, FlagDefinition>>;
  readonly args: Readonly<Record<string, ArgDefinition>>;
}

/** Another tool's flag → latchkey's flags; the first one that the command has is used. */
const SAME_FLAGS: Readonly<Record<string, readonly string[]>> = {
  "--session": ["sso-session"],
  "--sso": ["sso-session"],
  "-S": ["sso-session"],
  "--ecs-server": ["server"],
  "--ec2-server": ["server"],
  "--role": ["role-name"],
  "--account": ["account-id"],
  "--url": ["start-url"],
  "--verbose": ["debug"],
  "--format": ["output", "json"],
  "-o": ["output", "json"],
  "--open": ["print"],
  "--dest": ["service"],
  "--no-open": ["no-browser", "print"],
  "--headless": ["no-browser"],
  "--device-code": ["use-device-code"],
  "--un": ["unset"],
  "-u": ["unset"],
  "-a": ["profile"],
  "-r": ["region", "role-name"],
  "--quiet": ["short"],
};

/** Another tool's flag → what to type instead, without the word "latchkey". */
const OTHERWISE: Readonly<Record<string, string>> = {
  "-v": "--version",
  "--version": "--version",
  "--list-profiles": "profiles",
  "--exec": "exec NAME -- COMMAND",
  "--export": "export NAME",
  "-c": "console NAME",
  "-l": "profiles",
};

/** Returns what to type instead of a flag that the command does not have. */
export function findMeantFlag(name: string, { command, flags }: Known): string | undefined {
  if (name === "--json")
    return `The output of latchkey ${command} belongs to another program: leave --json out.`;
  const own = SAME_FLAGS[name]?.find((flag) => flag in flags);
  if (own !== undefined) return `It is called: --${own}`;
  const words = OTHERWISE[name];
  return words && `latchkey ${words}`;
}

/** Returns the flag that an unexpected word was probably meant for. */
export function guessFlag(word: string, { flags, args }: Known): string | undefined {
  const [withOption] =
    Object.entries(flags).find(([, { options }]) => options?.includes(word)) ?? [];
  const candidates = [
    withOption,
    /^\d{12}$/.test(word) ? "account-id" : undefined,
    /^https?:/.test(word) ? "start-url" : undefined,
    /^[a-z]{2,4}(-[a-z]+)+-\d$/.test(word) ? "region" : undefined,
    "service",
    ...(Object.keys(args).length === 0 ? ["profile", "sso-session"] : []),
  ];
  const found = candidates.find((name) => name !== undefined && name in flags);
  return found === undefined ? undefined : `--${found}`;
}
