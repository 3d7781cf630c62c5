import type { Queue, Waiting } from "./diary-queue";

/** The server keeps the entry: its key, and where to take it back. */
export interface Receipt {
  readonly saved: string;
  readonly at: string;
  readonly undo: string;
}

/** Whose diary takes entries now, and the token they are sent with. */
export interface Sender {
  readonly owner: string;
  readonly token: string;
}

/**
 * How far the sending came.
 *
 * `sent`: nothing waits. `waiting`: no network, or the server is busy. `logged-out`: somebody must log
 * in first, as the one whose entries wait. `refused`: an entry holds what the server does not take.
 */
export type Outcome =
  | { readonly kind: "sent"; readonly receipts: readonly Receipt[] }
  | { readonly kind: "waiting" | "logged-out"; readonly receipts: readonly Receipt[] }
  | {
      readonly kind: "refused";
      readonly receipts: readonly Receipt[];
      readonly entry: Waiting;
      readonly problems: readonly string[];
    };

export interface Addresses {
  readonly diary: string;
  readonly sender: string;
}

const JSON_PLEASE = { Accept: "application/json" };

/** Send what waits, in order, one after the other; an entry leaves the queue with its receipt. */
export async function sendAll(queue: Queue, owner: string, at: Addresses): Promise<Outcome> {
  const receipts: Receipt[] = [];
  const waiting = await queue.all(owner);
  if (waiting.length === 0) return { kind: "sent", receipts };
  const sender = await whoSends(at);
  if (sender === null) return { kind: "waiting", receipts };
  if (sender === "nobody" || sender.owner !== owner) return { kind: "logged-out", receipts };
  for (const entry of waiting) {
    const answer = await post(at.diary, sender.token, entry.fields);
    if (answer === null || (answer.status !== 200 && answer.status !== 422))
      return { kind: "waiting", receipts };
    const said = (await answer.json()) as Receipt | { problems: string[] };
    if ("problems" in said) return { kind: "refused", receipts, entry, problems: said.problems };
    if (said.saved !== entry.id) return { kind: "waiting", receipts };
    await queue.drop(entry.id);
    receipts.push(said);
  }
  return { kind: "sent", receipts };
}

/** Delete an entry that was saved; whether the server says that it is gone. */
export async function takeBack(receipt: Receipt, at: Addresses): Promise<boolean> {
  const sender = await whoSends(at);
  if (sender === null || sender === "nobody") return false;
  return (await post(receipt.undo, sender.token, []))?.ok ?? false;
}

async function whoSends(at: Addresses): Promise<Sender | "nobody" | null> {
  const answer = await fetch(at.sender, { headers: JSON_PLEASE, redirect: "manual" }).catch(() => null);
  if (answer === null || answer.status >= 500) return null;
  return answer.ok ? ((await answer.json()) as Sender) : "nobody"; // a redirect leads to the log-in
}

function post(
  url: string,
  token: string,
  fields: readonly (readonly [string, string])[],
): Promise<Response | null> {
  const body = new URLSearchParams(fields.map(([name, value]) => [name, value]));
  const headers = { ...JSON_PLEASE, "X-CSRFToken": token };
  return fetch(url, { method: "POST", headers, body, redirect: "manual" }).catch(() => null);
}
