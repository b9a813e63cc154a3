/** A client as a third party would write it: plain HTTP, SSE by hand, graphql-ws by its own client. */
import { createClient } from "graphql-ws";

export interface Answer<T> {
  readonly status: number;
  readonly data: T;
  readonly errors: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

export interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

export interface Credentials {
  readonly token?: string;
}

/** One operation over HTTP. */
export async function request<T>(url: string, operation: Operation, { token }: Credentials = {}): Promise<Answer<T>> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(operation),
  });
  const body = (await response.json()) as { data: T; errors?: Answer<T>["errors"] };
  return { status: response.status, data: body.data, errors: body.errors ?? [] };
}

/** The data of one operation; throws what went wrong. */
export async function query<T>(url: string, text: string, variables: Record<string, unknown> = {}): Promise<T> {
  const { data, errors } = await request<T>(url, { query: text, variables });
  if (errors.length > 0) throw new Error(errors.map((error) => error.message).join("\n"));
  return data;
}

export interface Subscription {
  /** Ends the connection as a network would: without a word. */
  cut(): void;
  /** Resolves when the stream has ended, however. */
  readonly ended: Promise<void>;
}

/** How a subscription is opened, whatever carries it. */
export type Subscribe = <T>(url: string, operation: Operation, onData: (data: T) => void) => Subscription;

/** A graphql-ws subscription on a socket of its own, without the client's retries. */
export function subscribeWs<T>(url: string, operation: Operation, onData: (data: T) => void): Subscription {
  const client = createClient({ url: `${url.replace(/^http/, "ws")}/graphql`, retryAttempts: 0 });
  const ended = new Promise<void>((resolve) => {
    client.subscribe<T>(operation, {
      next: ({ data }) => data && onData(data),
      error: () => resolve(),
      complete: () => resolve(),
    });
  });
  return {
    cut() {
      client.terminate();
      void client.dispose();
    },
    ended,
  };
}

/** A subscription as server-sent events over a plain POST. */
export function subscribeSse<T>(url: string, operation: Operation, onData: (data: T) => void): Subscription {
  const ending = new AbortController();
  const ended = follow().catch(() => undefined);

  async function follow(): Promise<void> {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify(operation),
      signal: ending.signal,
    });
    let rest = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const events = (rest + chunk).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) {
        const line = event.split("\n").find((part) => part.startsWith("data: "));
        const payload = line && event.includes("event: next") ? (JSON.parse(line.slice(6)) as { data?: T }) : {};
        if (payload.data) onData(payload.data);
      }
    }
  }

  return { cut: () => ending.abort(), ended };
}
