/**
 * Empty DOM types for playwright-core's types. The real DOM types are left out, so that no code here can use a browser's
 * functions by mistake.
 */
interface Node {}
interface HTMLElement extends Node {}
interface SVGElement extends Node {}
interface HTMLElementTagNameMap {}
