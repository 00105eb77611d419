/** What stops the launcher for a reason a person can act on: only its message is shown, never a stack. */
export class Refusal extends Error {}
