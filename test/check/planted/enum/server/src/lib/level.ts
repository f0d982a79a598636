export enum Level {
  Quiet,
  Loud,
}
