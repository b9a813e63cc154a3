/** A key for one intent, by which the server knows it again. Not `randomUUID`: over plain http only this machine would have it. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
