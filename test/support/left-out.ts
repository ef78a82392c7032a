/** The end of the name of a test that is left out of a run for a stated reason. */
export const LEFT_OUT = / \[left out: .+\]$/;
