/** Role names that a service may list but AWS does not allow. */
export const FOREIGN_ROLES = [
  "z|>FILE",
  "b;id>x",
  "$(touch FILE)",
  "`touch FILE`",
  "bad\tname",
  "two words",
  'quo"te',
  "o'brien",
  "a\nsso_start_url = https://evil.example",
  "[profile evil]",
  "é",
  "x".repeat(65),
  "role\u200b",
  "-\u0000",
  "\u202eniam",
];
