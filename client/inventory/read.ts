/** Reads whole lists, page by page, into the inventory: the first rows are on the screen while the others are on their way. */
import type { Api } from "../api/api.ts";
import {
  AboutDocument,
  NodePageDocument,
  type NodePageQuery,
  RecentTasksDocument,
  VmPageDocument,
  type VmPageQuery,
} from "../gql/graphql.ts";
import type { Message } from "./message.ts";

export interface Reader {
  readonly api: Api;
  readonly dispatch: (message: Message) => void;
  /** Nothing is read any more once it is aborted. */
  readonly signal: AbortSignal;
}

/** `onRevision`: the first page is there; changes are to be followed from it. @throws ApiFailure */
export async function readVms({ api, dispatch, signal }: Reader, onRevision: () => void): Promise<void> {
  dispatch({ kind: "reading", of: "vms" });
  let after: string | null = null;
  do {
    const { vms }: VmPageQuery = await api.query(VmPageDocument, { after });
    if (signal.aborted) return;
    dispatch({ kind: "vmPage", page: vms, isFirst: after === null, at: Date.now() });
    if (after === null) onRevision();
    after = vms.pageInfo.hasNextPage ? vms.pageInfo.endCursor : null;
  } while (after !== null);
  dispatch({ kind: "read", of: "vms" });
}

/** Nodes, tasks, and what is to know of the server. @throws ApiFailure */
export async function readSurroundings(reader: Reader): Promise<void> {
  await Promise.all([readAbout(reader), readNodes(reader), readTasks(reader)]);
}

async function readAbout({ api, dispatch, signal }: Reader): Promise<void> {
  const about = await api.query(AboutDocument, {});
  if (!signal.aborted) dispatch({ kind: "about", about, at: Date.now() });
}

async function readNodes({ api, dispatch, signal }: Reader): Promise<void> {
  dispatch({ kind: "reading", of: "nodes" });
  let after: string | null = null;
  do {
    const { nodes }: NodePageQuery = await api.query(NodePageDocument, { after });
    if (signal.aborted) return;
    dispatch({ kind: "nodePage", nodes: nodes.nodes });
    after = nodes.pageInfo.hasNextPage ? nodes.pageInfo.endCursor : null;
  } while (after !== null);
  dispatch({ kind: "read", of: "nodes" });
}

async function readTasks({ api, dispatch, signal }: Reader): Promise<void> {
  dispatch({ kind: "reading", of: "tasks" });
  const { tasks } = await api.query(RecentTasksDocument, {});
  if (signal.aborted) return;
  dispatch({ kind: "taskPage", tasks: tasks.nodes });
  dispatch({ kind: "read", of: "tasks" });
}
