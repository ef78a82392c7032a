/** Names of the DOM that the types of playwright-core mention; nothing here runs in a page, so that their shapes don't matter. */
interface Node {}
interface HTMLElement extends Node {}
interface SVGElement extends Node {}
interface HTMLElementTagNameMap {}
