// Writes dist/man from the commands' own help.
import { readOptions } from "../options.ts";
import { findDate, MAN_FOLDER, writeManPages } from "./man/write.ts";

readOptions({
  help: `
Usage: npm run man

Writes the man pages into dist/man, from the commands' own help: one of the
program, and one of each command. \`man -l dist/man/latchkey-login.1\` shows one.

  -h, --help  print this help

SOURCE_DATE_EPOCH is the day at the foot of the pages; without it, the day of
this version in CHANGELOG.md.`,
  options: {},
});

const names = writeManPages(findDate(process.env));
console.log(`${names.length} pages in ${MAN_FOLDER}`);
