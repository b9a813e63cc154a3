/** Amounts as people read them. What is not known is an empty text, never a zero. */

/** Decimal, as disks are sold and limits are set: `52.4 GB`. */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return "";
  const gb = bytes / 1e9;
  if (gb >= 1000) return `${round(gb / 1000)} TB`;
  if (gb >= 1) return `${round(gb)} GB`;
  return `${Math.round(bytes / 1e6)} MB`;
}

/** Memory counts in binary: `8 GB` are 8192 MB. */
export function memoryText(mb: number | null): string {
  if (mb === null) return "";
  return mb >= 1024 ? `${round(mb / 1024)} GB` : `${mb} MB`;
}

export function mhzText(mhz: number | null): string {
  if (mhz === null) return "";
  return mhz >= 10_000 ? `${round(mhz / 1000)} GHz` : `${mhz} MHz`;
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
