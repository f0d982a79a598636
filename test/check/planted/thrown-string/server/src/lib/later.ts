export function later(): never {
  throw 'no'
}
