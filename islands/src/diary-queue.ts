/** One entry on its way: the key made here, whose diary it belongs to, the form's fields. */
export interface Waiting {
  readonly id: string;
  readonly owner: string;
  readonly fields: readonly (readonly [string, string])[];
}

/** Where entries wait until the server has said that it keeps them. */
export interface Queue {
  put(entry: Waiting): Promise<void>;
  all(owner: string): Promise<Waiting[]>;
  drop(id: string): Promise<void>;
  /** Whose diary was open here last; empty where nobody's. */
  owner(): Promise<string>;
  setOwner(owner: string): Promise<void>;
  /** Everything goes: entries, key and owner. */
  clear(): Promise<void>;
}

interface Sealed {
  id: string;
  number: number;
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}

const NAME = "diary";
const NONCE_BYTES = 12;

/**
 * A queue in IndexedDB. Each entry is encrypted with AES-GCM under a key that the browser holds and
 * never hands out; what is read from the disk elsewhere says nothing.
 */
export class SealedQueue implements Queue {
  private database: Promise<IDBDatabase> | null = null;

  async put(entry: Waiting): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const plain = new TextEncoder().encode(JSON.stringify(entry));
    const sealed = await crypto.subtle.encrypt(bound(iv, entry.id), await this.key(), plain);
    const row: Sealed = { id: entry.id, number: Date.now(), iv, sealed };
    await this.run("entries", "readwrite", (store) => store.put(row));
  }

  async all(owner: string): Promise<Waiting[]> {
    const rows = await this.run<Sealed[]>("entries", "readonly", (store) => store.getAll());
    const key = await this.key();
    rows.sort((a, b) => a.number - b.number);
    const opened = await Promise.all(rows.map((row) => unseal(row, key)));
    return opened.filter((entry) => entry.owner === owner);
  }

  async drop(id: string): Promise<void> {
    await this.run("entries", "readwrite", (store) => store.delete(id));
  }

  async owner(): Promise<string> {
    return (await this.run<string | undefined>("facts", "readonly", (store) => store.get("owner"))) ?? "";
  }

  async setOwner(owner: string): Promise<void> {
    await this.run("facts", "readwrite", (store) => store.put(owner, "owner"));
  }

  async clear(): Promise<void> {
    (await this.database)?.close();
    this.database = null;
    await settled(indexedDB.deleteDatabase(NAME));
  }

  private async key(): Promise<CryptoKey> {
    const known = await this.run<CryptoKey | undefined>("facts", "readonly", (store) => store.get("key"));
    if (known) return known;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Another page may have been quicker: the first key that was kept counts.
    await this.run("facts", "readwrite", (store) => store.add(made, "key")).catch(() => undefined);
    return (await this.run<CryptoKey>("facts", "readonly", (store) => store.get("key")));
  }

  private async run<T>(
    name: string,
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest,
  ): Promise<T> {
    this.database ??= open();
    const transaction = (await this.database).transaction(name, mode, { durability: "strict" });
    const answer = (await settled(ask(transaction.objectStore(name)))) as T;
    await done(transaction);
    return answer;
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("entries", { keyPath: "id" });
    request.result.createObjectStore("facts");
  };
  return settled(request).then((database) => {
    database.onversionchange = () => database.close(); // another page clears it
    return database;
  });
}

function bound(iv: Uint8Array<ArrayBuffer>, id: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) };
}

async function unseal(row: Sealed, key: CryptoKey): Promise<Waiting> {
  const plain = await crypto.subtle.decrypt(bound(row.iv, row.id), key, row.sealed);
  return JSON.parse(new TextDecoder().decode(plain)) as Waiting;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}
