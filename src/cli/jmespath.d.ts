/** jmespath 0.16 has no types of its own. */
declare module "jmespath" {
  /** @throws Error whose message says what is wrong with the expression, and where. */
  export function compile(expression: string): unknown;
  /** @throws the same, and where a function meets a value that it does not take. */
  export function search(value: unknown, expression: string): unknown;
}
