/** The door to `/session`: the server's token is traded for a cookie that no script sees. */
import { ApiFailure } from "./failure.ts";

export interface SessionState {
  readonly signedIn: boolean;
  /** False: the server has no token, everybody is in. */
  readonly needsToken: boolean;
  /** ISO 8601; null where nobody is signed in or nobody needs to be. */
  readonly expiresAt: string | null;
}

/** Why somebody was not let in. */
export class SignInFailure extends ApiFailure {
  /** Before that no token is looked at; 0: try again at once. */
  readonly waitSeconds: number;
  constructor(message: string, { code, waitSeconds }: { code?: string; waitSeconds: number }) {
    super(message, code);
    this.name = "SignInFailure";
    this.waitSeconds = waitSeconds;
  }
}

export interface SessionDoor {
  /** Tells, and prolongs a session that is there. @throws ApiFailure */
  read(): Promise<SessionState>;
  /** @throws SignInFailure where the server refuses, ApiFailure where it does not answer. */
  signIn(token: string): Promise<SessionState>;
  /** @throws ApiFailure */
  signOut(): Promise<SessionState>;
}

/** `tellSignedOut`: it turned out that nobody is signed in (any more). */
export function createSessionDoor(url: string, tellSignedOut: () => void): SessionDoor {
  return {
    async read() {
      const state = await stateIn(await ask(url, {}));
      if (!state.signedIn) tellSignedOut();
      return state;
    },
    async signIn(token) {
      const headers = { "content-type": "application/json" };
      const response = await ask(url, { method: "POST", headers, body: JSON.stringify({ token }) });
      if (response.ok) return stateIn(response);
      throw await refusalIn(response);
    },
    async signOut() {
      return stateIn(await ask(url, { method: "DELETE" }));
    },
  };
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new ApiFailure("The server can't be reached.");
  }
}

async function stateIn(response: Response): Promise<SessionState> {
  const state: unknown = response.ok ? await jsonIn(response) : undefined;
  if (isState(state)) return state;
  throw new ApiFailure(`The server answered with status ${response.status}.`);
}

function isState(value: unknown): value is SessionState {
  return typeof value === "object" && value !== null && "signedIn" in value && "needsToken" in value;
}

async function refusalIn(response: Response): Promise<SignInFailure> {
  const answer = (await jsonIn(response)) as Refusal | undefined;
  const error = answer?.errors?.[0];
  return new SignInFailure(error?.message ?? `The server answered with status ${response.status}.`, {
    code: error?.extensions?.code,
    waitSeconds: Number(response.headers.get("retry-after") ?? 0) || 0,
  });
}

interface Refusal {
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

async function jsonIn(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}
