import type { UserProgram } from "./programs.ts";
import type { Situation } from "./situation.ts";

/** The result of explain for one client's message in one situation, `token-missing: yes`, before and after the cure. */
export type Cell = Readonly<Record<"now" | "cured", string>> | "works";

export function describeWanted({ cause, cure }: Situation): Exclude<Cell, string> {
  return { now: `${cause}: yes`, cured: cure === undefined ? "" : "no" };
}

const COLUMN = 11;

export function drawGrid(
  situations: readonly Situation[],
  programs: readonly UserProgram[],
  cells: ReadonlyMap<string, Cell>,
): string[] {
  const width = Math.max(...situations.map(({ id }) => id.length));
  const names = programs.map(({ name }) => name.replace("latchkey ", "").slice(0, COLUMN - 1));
  const all = situations.flatMap((situation) =>
    programs.map(({ name }) => ({ situation, name, cell: cells.get(`${situation.id} ${name}`) })),
  );
  const failed = all.filter(({ cell }) => cell !== undefined && cell !== "works");
  const isRight = ({ situation, cell }: (typeof all)[number]): boolean =>
    mark(situation, cell) === "yes";
  return [
    "yes: the cause and `here` are right, now and once it is cured; works: the client does not mind",
    formatLine("", width, names),
    ...situations.map((situation) =>
      formatLine(
        situation.id,
        width,
        programs.map(({ name }) => mark(situation, cells.get(`${situation.id} ${name}`))),
      ),
    ),
    ...failed
      .filter((one) => !isRight(one))
      .map(({ situation, name, cell }) => `${situation.id}, ${name}: ${JSON.stringify(cell)}`),
    `${failed.filter(isRight).length} of ${failed.length} messages: cause and here are right`,
  ];
}

function formatLine(head: string, width: number, marks: readonly string[]): string {
  return `${head.padEnd(width)}  ${marks.map((one) => one.padEnd(COLUMN)).join("")}`.trimEnd();
}

function mark(situation: Situation, cell: Cell | undefined): string {
  if (cell === undefined) return "";
  if (cell === "works") return "works";
  const wanted = describeWanted(situation);
  if (cell.now !== wanted.now) return "other";
  return cell.cured === wanted.cured ? "yes" : "not cured";
}
