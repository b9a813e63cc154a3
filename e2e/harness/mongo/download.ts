/** Whether a mongod may and can be downloaded, found out within two seconds. */
import { once } from "node:events";
import { connect } from "node:net";

/** MongoDB's own, unless mongodb-memory-server is told another by the same variable. */
const source = new URL(process.env["MONGOMS_DOWNLOAD_MIRROR"] ?? "https://fastdl.mongodb.org");
const patienceMs = 2000;

/**
 * Undefined: go ahead. Some hundred megabytes are fetched only where somebody asked for it (MONGODB_DOWNLOAD=1) or where
 * nobody sits and waits (a public CI), and nothing is asked of the network otherwise.
 */
export async function whyNoDownload(): Promise<string | undefined> {
  if (!isWanted()) return "none is downloaded unless MONGODB_DOWNLOAD=1 says so";
  if (!(await answers(source))) return `${source.host}, where one is downloaded from, does not answer`;
  // Without it the archive is fetched with no look at the certificate.
  process.env["npm_config_strict_ssl"] = "true";
  return undefined;
}

function isWanted(): boolean {
  const { MONGODB_DOWNLOAD: asked, GITHUB_ACTIONS, GITLAB_CI } = process.env;
  if (asked !== undefined && asked !== "") return asked === "1";
  return GITHUB_ACTIONS === "true" || GITLAB_CI === "true";
}

async function answers({ hostname, port }: URL): Promise<boolean> {
  const socket = connect({ host: hostname, port: Number(port || 443) });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(patienceMs) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
