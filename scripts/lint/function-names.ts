import { isNoVerb } from "./not-verbs.ts";

/**
 * A plugin of oxlint. The name of a function, method or function-valued property must begin with a verb, or be the noun
 * that the function builds (docs/decisions/0017-names.md). Parameters are not checked, because names such as `given`
 * are right for them.
 */

interface Node {
  readonly type: string;
  readonly name?: string;
  readonly computed?: boolean;
  readonly id?: Node | null;
  readonly key?: Node;
  readonly init?: Node | null;
  readonly value?: Node | null;
  readonly typeAnnotation?: Node | null;
  readonly types?: readonly Node[];
}

interface RuleContext {
  report(problem: { readonly node: Node; readonly message: string }): void;
}

const FUNCTIONS: ReadonlySet<string | undefined> = new Set([
  "ArrowFunctionExpression",
  "FunctionExpression",
  "TSEmptyBodyFunctionExpression",
]);

/** Returns whether a type is `() => T`, or a union that contains such a type. */
function isFunctionType(type: Node | null | undefined): boolean {
  if (type?.type === "TSUnionType") return type.types?.some(isFunctionType) ?? false;
  if (type?.type === "TSParenthesizedType") return isFunctionType(type.typeAnnotation);
  return type?.type === "TSFunctionType";
}

function createVisitors(context: RuleContext): Record<string, (node: Node) => void> {
  const check = (name: Node | null | undefined): void => {
    if (name?.type !== "Identifier" || name.name === undefined || !isNoVerb(name.name)) return;
    context.report({
      node: name,
      message: `A function's name begins with a verb, or is the noun that it builds: "${name.name}" is neither.`,
    });
  };
  const checkKey = (node: Node): void => {
    if (node.computed !== true) check(node.key);
  };
  const checkValue = (node: Node): void => {
    if (FUNCTIONS.has(node.value?.type)) checkKey(node);
  };
  return {
    FunctionDeclaration: (node) => check(node.id),
    TSDeclareFunction: (node) => check(node.id),
    VariableDeclarator(node) {
      if (FUNCTIONS.has(node.init?.type)) check(node.id);
    },
    Property: checkValue,
    PropertyDefinition: checkValue,
    MethodDefinition: checkKey,
    TSAbstractMethodDefinition: checkKey,
    TSMethodSignature: checkKey,
    TSPropertySignature(node) {
      if (isFunctionType(node.typeAnnotation?.typeAnnotation)) checkKey(node);
    },
  };
}

export default {
  meta: { name: "house" },
  rules: { "function-names": { create: createVisitors } },
};
