/**
 * Detects files that no AWS client can read as a config: encrypted files and other encodings. Also detects template
 * lines.
 */

export interface ForeignFormat {
  /** Printed after the file's name. */
  readonly what: string;
  /** How to fix it, without a full stop. */
  readonly cure: string;
}

/** Recognizes a format by the start of the file. */
const BEGINNINGS: ReadonlyArray<readonly [RegExp, ForeignFormat]> = [
  [/^\0GITCRYPT\0/, toEncrypted("git-crypt", "git-crypt unlock")],
  [/^\$ANSIBLE_VAULT;/, toEncrypted("ansible-vault", "ansible-vault decrypt")],
  [
    /^(age-encryption\.org\/|-----BEGIN AGE ENCRYPTED FILE-----)/,
    toEncrypted("age", "age --decrypt"),
  ],
  [/^-----BEGIN PGP MESSAGE-----/, toEncrypted("GnuPG", "gpg --decrypt")],
  [/^(Salted__|U2FsdGVkX1)/, toEncrypted("OpenSSL", "transcrypt, or openssl enc -d")],
  [
    /^version https:\/\/git-lfs\.github\.com\//,
    { what: "is a pointer of Git LFS, not the file", cure: "Fetch the file: git lfs pull" },
  ],
  [
    /^(\xff\xfe\0\0|\0\0\xfe\xff|([^\0]\0{3}){2}|(\0{3}[^\0]){2})/,
    { what: "is in UTF-32", cure: "Save it as UTF-8 without a byte order mark" },
  ],
  [
    /^(\xff\xfe|\xfe\xff|[^\0]\0[^\0]\0|\0[^\0]\0[^\0])/s,
    {
      what: "is in UTF-16, as Windows PowerShell's > writes",
      cure: "Save it as UTF-8 without a byte order mark",
    },
  ],
];

const SOPS = toEncrypted("sops", "sops --decrypt");
const BINARY: ForeignFormat = {
  what: "is not text: encrypted, or another program's",
  cure: "Decrypt it, or name another file",
};
const SAMPLE_BYTES = 4096;
const LEAST_BYTES = 32;
/** The largest share of control characters in a text. Of random bytes, about a tenth are control characters. */
const MOST_CONTROLS = 0.05;

function toEncrypted(tool: string, command: string): ForeignFormat {
  return { what: `is encrypted by ${tool}`, cure: `Decrypt it: ${command}` };
}

/** Returns the format, or undefined for text that could be a config. */
export function findForeignFormat(bytes: Uint8Array): ForeignFormat | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sample = buffer.toString("latin1", 0, SAMPLE_BYTES);
  const beginning = sample.replace(/^\xef\xbb\xbf/, "").replace(/^[ \t\r\n]+/, "");
  const found = BEGINNINGS.find(([pattern]) => pattern.test(beginning));
  if (found !== undefined) return found[1];
  if (buffer.includes("ENC[AES256_GCM,")) return SOPS;
  const controls = sample.match(/[\0-\x08\x0e-\x1f]/g)?.length ?? 0;
  const isBinary = sample.length >= LEAST_BYTES && controls > sample.length * MOST_CONTROLS;
  return isBinary ? BINARY : undefined;
}

/** The delimiters of templates: Go (chezmoi), Jinja and ERB. */
const TEMPLATE_MARKS = [
  ["{{", "}}"],
  ["{%", "%}"],
  ["<%", "%>"],
] as const;

/** Returns a text such as `{{ … }}` if a line has a template field or statement; else undefined. */
export function findTemplateMark(line: string): string | undefined {
  const mark = TEMPLATE_MARKS.find(([open, close]) => {
    const start = line.indexOf(open);
    return start !== -1 && line.includes(close, start);
  });
  return mark?.join(" … ");
}

export function isTemplateLine(line: string): boolean {
  return findTemplateMark(line) !== undefined;
}
