/** `npm run backup`: all that the store of this environment holds, as one file. hosts.yml is not read. */
import { resolve } from "node:path";
import { readArguments } from "./backup/arguments.ts";
import { encodeBackup } from "./backup/encode.ts";
import { type BackupHeader, createTally, formatName, formatVersion, type Tally } from "./backup/format.ts";
import { grouped, inWords, secondsSince, sizeInWords } from "./backup/report.ts";
import { writeBackupFile, writeBackupTo } from "./backup/write-file.ts";
import { readStoreConfig } from "./config/read.ts";
import { ecomanVersion } from "./ecoman-version.ts";
import { AppError } from "./errors.ts";
import { openArchive } from "./open-store.ts";
import { explainFailure } from "./start-failure.ts";

const usage = `npm run backup [-- FILE]

Writes all that ECoMan remembers into FILE; default: ecoman-backup-<time>.jsonl.gz here; -: standard output.
The store is that of the environment (MONGO_URL or MONGO_HOST, else DATA_DIR). An embedded one must not be in use.
npm run restore -- FILE brings it back, also into a store of the other kind.`;

async function backUp(file: string | undefined): Promise<void> {
  const startedAt = performance.now();
  const { notices, ...config } = await readStoreConfig({ env: process.env, cwd: process.cwd() });
  for (const notice of notices) console.error(notice);
  const archive = openArchive(config);
  const tally = createTally();
  const madeAt = new Date().toISOString();
  const header: BackupHeader = {
    format: formatName,
    version: formatVersion,
    madeAt,
    store: archive.kind,
    ecoman: ecomanVersion(),
  };
  const lines = encodeBackup({ header, records: archive.read(), tally });
  if (file === "-") {
    if (process.stdout.isTTY) throw new AppError("INVALID_INPUT", `A backup is nothing to look at.\n\n${usage}`);
    await writeBackupTo(process.stdout, lines);
    console.error(`Backed up ${archive.shown} in ${secondsSince(startedAt)}.\n${contents(tally)}`);
  } else {
    const path = resolve(file ?? `ecoman-backup-${madeAt.slice(0, 19).replaceAll(":", "")}Z.jsonl.gz`);
    const size = sizeInWords(await writeBackupFile(path, lines));
    console.log(`Backed up ${archive.shown} into ${path} (${size}) in ${secondsSince(startedAt)}.\n${contents(tally)}`);
  }
}

function contents({ counts, unfinishedTasks }: Tally): string {
  const lines = [`It holds ${inWords(counts)}.`];
  if (unfinishedTasks > 0) {
    lines.push(
      `Tasks that have not ended: ${grouped(unfinishedTasks)}. A restore ends them as UNKNOWN; to move to another store, stop ECoMan when none is left.`,
    );
  }
  return lines.join("\n");
}

try {
  const given = readArguments(process.argv.slice(2), usage);
  if (given.help) console.log(usage);
  else await backUp(given.file);
} catch (thrown) {
  const { message, exitCode } = explainFailure(thrown);
  console.error(message);
  process.exitCode = exitCode;
}
