/** Said in `hello` and `welcome`. A test pins the hash of all schemas to this number: whoever changes one changes the other. */
export const PROTOCOL_VERSION = 1
