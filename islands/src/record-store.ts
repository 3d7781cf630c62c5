import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { TaskSpan } from "./points-format";

/** What is kept of a recording beside its bytes. */
export interface Take {
  readonly id: string;
  /** Whose it is: nobody else at this browser sees it. */
  readonly owner: string;
  readonly kind: "guided" | "spasm";
  readonly type: string; // of the file
  readonly started_at: string; // ISO 8601
  readonly fps: number;
  readonly mirrored: boolean;
  readonly tasks: readonly TaskSpan[];
  /** The step of the protocol that comes next; its length when all are done. */
  readonly next: number;
  readonly seconds: number;
  /** Where its upload is, of each kind of file. */
  readonly video?: string;
  readonly points?: string;
}

export type Way = "video" | "points";

interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

interface Schema extends DBSchema {
  takes: { key: string; value: Take };
  parts: { key: [string, Way, number]; value: Sealed };
  places: { key: string; value: string };
  facts: { key: string; value: CryptoKey };
}

const NAME = "recordings";
const NONCE_BYTES = 12;

/** The device has no room for more. */
export class FullError extends Error {}

/**
 * Recordings in IndexedDB, until the server has them. Each part is encrypted with AES-GCM under a
 * key that the browser holds and never hands out.
 */
export class TakeStore {
  private database: Promise<IDBPDatabase<Schema>> | null = null;
  private key: Promise<CryptoKey> | null = null;

  async put(take: Take): Promise<void> {
    const transaction = (await this.open()).transaction("takes", "readwrite");
    await whole(transaction.done, transaction.store.put(take));
  }

  /** Change what is known of a recording that is still there. */
  async change(id: string, change: Partial<Take>): Promise<void> {
    const transaction = (await this.open()).transaction("takes", "readwrite");
    const take = await transaction.store.get(id);
    if (take) await whole(transaction.done, transaction.store.put({ ...take, ...change }));
  }

  async takes(owner: string): Promise<Take[]> {
    const all = await (await this.open()).getAll("takes");
    return all.filter((one) => one.owner === owner).sort((a, b) => a.started_at.localeCompare(b.started_at));
  }

  /** Keep the part of a file that comes at a place, for good before this ends. */
  async append(id: string, way: Way, number: number, part: Blob): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const bound = { name: "AES-GCM", iv, additionalData: about(id, way, number) };
    const sealed = await crypto.subtle.encrypt(bound, await this.secret(), await part.arrayBuffer());
    const transaction = (await this.open()).transaction("parts", "readwrite", { durability: "strict" });
    await whole(transaction.done, transaction.store.put({ iv, sealed }, [id, way, number]));
  }

  /** The file of all parts; null where there is none. */
  async file(id: string, way: Way, type: string): Promise<Blob | null> {
    const database = await this.open();
    const keys = await database.getAllKeys("parts", within(id, way));
    const key = await this.secret();
    const parts: Blob[] = []; // one after the other: a blob may lie on the disk
    for (const one of keys) {
      const { iv, sealed } = (await database.get("parts", one))!;
      const bound = { name: "AES-GCM", iv, additionalData: about(...one) };
      parts.push(new Blob([await crypto.subtle.decrypt(bound, key, sealed)]));
    }
    return parts.length ? new Blob(parts, { type }) : null;
  }

  /** Forget a recording and its parts. */
  async drop(id: string): Promise<void> {
    const transaction = (await this.open()).transaction(["takes", "parts"], "readwrite");
    const parts = IDBKeyRange.bound([id], [id, []]);
    const all = [transaction.objectStore("takes").delete(id), transaction.objectStore("parts").delete(parts)];
    await Promise.all([...all, transaction.done]);
  }

  /** Where the upload of a file on this device is, if it was begun. */
  async place(file: string): Promise<string | undefined> {
    return (await this.open()).get("places", file);
  }

  async setPlace(file: string, place: string | null): Promise<void> {
    const database = await this.open();
    await (place === null ? database.delete("places", file) : database.put("places", place, file));
  }

  private open(): Promise<IDBPDatabase<Schema>> {
    this.database ??= openDB<Schema>(NAME, 1, {
      upgrade(database) {
        database.createObjectStore("takes", { keyPath: "id" });
        for (const name of ["parts", "places", "facts"] as const) database.createObjectStore(name);
      },
      blocking: (_now, _next, event) => (event.target as IDBDatabase).close(),
    });
    return this.database;
  }

  private secret(): Promise<CryptoKey> {
    return (this.key ??= this.findKey());
  }

  private async findKey(): Promise<CryptoKey> {
    const database = await this.open();
    const known = await database.get("facts", "key");
    if (known) return known;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Another page may have been quicker: the first key that was kept counts.
    await database.add("facts", made, "key").catch(() => undefined);
    return (await database.get("facts", "key"))!;
  }
}

function about(id: string, way: Way, number: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${id} ${way} ${number}`);
}

function within(id: string, way: Way): IDBKeyRange {
  return IDBKeyRange.bound([id, way], [id, way, []]);
}

/** Wait until a transaction is kept; why it is not stands in the transaction, not in what it was asked. */
async function whole(done: Promise<void>, asked: Promise<unknown>): Promise<void> {
  const [kept, answered] = await Promise.allSettled([done, asked]);
  for (const one of [kept, answered])
    if (one.status === "rejected") throw isFull(kept) || isFull(answered) ? new FullError() : one.reason;
}

function isFull(one: PromiseSettledResult<unknown>): boolean {
  return one.status === "rejected" && (one.reason as DOMException | null)?.name === "QuotaExceededError";
}
