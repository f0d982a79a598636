/** Why the server or a command cannot do its work here: one line for a person, that says what to do. No stack is shown. */
export class CannotStart extends Error {
  override name = 'CannotStart'
}
