export function Head() {
  return <h1>Channels</h1>
}
