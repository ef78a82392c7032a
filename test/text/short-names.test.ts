import { expect, test } from "vitest";
import { shortenUnsafeParts } from "../../src/text/shell-words.ts";

test.each([
  ["C:\\w\\latchkey.exe", "C:\\w\\latchkey.exe", "C:\\w\\latchkey.exe"],
  [
    "C:\\Program Files\\latchkey-x64.exe",
    "C:\\PROGRA~1\\LATCHK~1.EXE",
    "C:\\PROGRA~1\\latchkey-x64.exe",
  ],
  [
    "C:\\Users\\Jane Döe (x86)\\é\\latchkey.exe",
    "C:\\Users\\JANEDE~1\\E0F1~1\\latchkey.exe",
    "C:\\Users\\JANEDE~1\\é\\latchkey.exe",
  ],
  // The volume has no short names, there is no answer, or the answer is for another path.
  ["D:\\a b\\x.exe", "D:\\a b\\x.exe", "D:\\a b\\x.exe"],
  ["D:\\a b\\x.exe", "", "D:\\a b\\x.exe"],
  ["D:\\a b\\x.exe", "D:\\AB~1", "D:\\a b\\x.exe"],
  ["D:\\a b\\c & d\\x.exe", "D:\\AB~1\\c & d\\x.exe", "D:\\a b\\c & d\\x.exe"],
])("%s, in short %s, is named %s in a credential_process", (path, short, named) => {
  expect(shortenUnsafeParts(path, short)).toBe(named);
});
