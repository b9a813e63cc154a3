/** A bounded memory of parsed documents: the latest used, and none that is large. */
export interface DocumentCache<Value> {
  get(text: string): Value | undefined;
  set(text: string, value: Value): void;
}

const capacity = 200;
/** Longer texts than any client repeats; they would fill the memory for nothing. */
const longestText = 16 * 1024;

export function createDocumentCache<Value>(): DocumentCache<Value> {
  const entries = new Map<string, Value>();
  return {
    get(text) {
      const value = entries.get(text);
      if (value !== undefined) {
        entries.delete(text);
        entries.set(text, value);
      }
      return value;
    },
    set(text, value) {
      if (text.length > longestText) return;
      entries.delete(text);
      entries.set(text, value);
      const [oldest] = entries.keys();
      if (entries.size > capacity && oldest !== undefined) entries.delete(oldest);
    },
  };
}
