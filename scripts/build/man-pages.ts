// Writes dist/man from the commands' own help.
import { readOptions } from "../options.ts";
import { findDate, MAN_FOLDER, writeManPages } from "./man/write.ts";

readOptions({
  help: `
Usage: npm run man

Writes the man pages into dist/man from the commands' help: one for the program,
and one for each command. \`man -l dist/man/latchkey-login.1\` shows one.

  -h, --help  print this help

SOURCE_DATE_EPOCH sets the day at the foot of the pages; the default is the day of
this version in CHANGELOG.md.`,
  options: {},
});

const names = writeManPages(findDate(process.env));
console.log(`${names.length} pages in ${MAN_FOLDER}`);
