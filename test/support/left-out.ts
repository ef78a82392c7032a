/** How the name of a test ends that is left out of a run for a reason. */
export const LEFT_OUT = / \[left out: .+\]$/;
