/** The names of the DOM that playwright-core's types mention, without the DOM: nothing here may think that it runs in a browser. */
interface Node {}
interface HTMLElement extends Node {}
interface SVGElement extends Node {}
interface HTMLElementTagNameMap {}
