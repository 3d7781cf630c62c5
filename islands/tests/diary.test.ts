import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Queue, Waiting } from "../src/diary-queue";
import { sendAll, takeBack } from "../src/diary-sending";

const AT = { diary: "/diary/", sender: "/diary/sender/" };
const MINE = "asha";

class Heap implements Queue {
  constructor(private entries: Waiting[]) {}
  put = async (entry: Waiting) => void this.entries.push(entry);
  all = async (owner: string) => this.entries.filter((one) => one.owner === owner);
  drop = async (id: string) => void (this.entries = this.entries.filter((one) => one.id !== id));
  owner = async () => MINE;
  setOwner = async () => undefined;
  clear = async () => void (this.entries = []);
}

let queue: Heap;
let posted: string[];
let answers: { sender: () => Response; diary: (id: string) => Response };

function entry(id: string, owner = MINE): Waiting {
  return { id, owner, fields: [["burden", "3"], ["sent_as", id]] };
}

function said(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status });
}

beforeEach(() => {
  queue = new Heap([entry("a"), entry("b"), entry("c", "ben")]);
  posted = [];
  answers = {
    sender: () => said({ owner: MINE, token: "t" }),
    diary: (id) => said({ saved: id, at: "8:15", undo: `/diary/entries/${id}/delete/` }),
  };
  vi.stubGlobal("fetch", async (url: string, options: RequestInit = {}) => {
    if (url === AT.sender) return answers.sender();
    const id = (options.body as URLSearchParams).get("sent_as") ?? url;
    posted.push(id);
    return answers.diary(id);
  });
});

afterEach(() => vi.unstubAllGlobals());

async function left(owner = MINE): Promise<string[]> {
  return (await queue.all(owner)).map((one) => one.id);
}

describe("sending what waits", () => {
  it("sends in order, and forgets each with its receipt", async () => {
    const outcome = await sendAll(queue, MINE, AT);
    expect(outcome.kind).toBe("sent");
    expect(outcome.receipts.map((one) => one.saved)).toEqual(["a", "b"]);
    expect(await left()).toEqual([]);
    expect(await left("ben")).toEqual(["c"]);
  });

  it("keeps what has no receipt, and stops there", async () => {
    answers.diary = (id) => (id === "a" ? said({ saved: "a", at: "", undo: "" }) : said({}, 503));
    const outcome = await sendAll(queue, MINE, AT);
    expect([outcome.kind, outcome.receipts.length]).toEqual(["waiting", 1]);
    expect(await left()).toEqual(["b"]);
  });

  it("does not take the receipt of another entry for its own", async () => {
    answers.diary = () => said({ saved: "z", at: "", undo: "" });
    expect((await sendAll(queue, MINE, AT)).kind).toBe("waiting");
    expect(await left()).toEqual(["a", "b"]);
  });

  it.each([
    ["nobody is logged in", () => new Response(null, { status: 404 })],
    ["somebody else is", () => said({ owner: "ben", token: "t" })],
  ])("sends nothing where %s", async (_, sender) => {
    answers.sender = sender;
    expect((await sendAll(queue, MINE, AT)).kind).toBe("logged-out");
    expect(posted).toEqual([]);
    expect(await left()).toEqual(["a", "b"]);
  });

  it("waits where there is no network", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
    expect((await sendAll(queue, MINE, AT)).kind).toBe("waiting");
    expect(await left()).toEqual(["a", "b"]);
  });

  it("hands back what the server does not take, with its reasons", async () => {
    const problems = ["Choose a time that is not in the future."];
    answers.diary = () => said({ problems }, 422);
    expect(await sendAll(queue, MINE, AT)).toMatchObject({ kind: "refused", entry: { id: "a" }, problems });
    expect(await left()).toEqual(["a", "b"]);
  });

  it("asks for nothing where nothing waits", async () => {
    await queue.clear();
    vi.stubGlobal("fetch", () => Promise.reject(new Error("asked")));
    expect(await sendAll(queue, MINE, AT)).toEqual({ kind: "sent", receipts: [] });
  });

  it("says whether an entry is taken back", async () => {
    const receipt = { saved: "a", at: "", undo: "/diary/entries/a/delete/" };
    expect(await takeBack(receipt, AT)).toBe(true);
    answers.diary = () => said({}, 404);
    expect(await takeBack(receipt, AT)).toBe(false);
  });
});
