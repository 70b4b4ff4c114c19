import { expect } from "chai";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { commentOnPullRequest } from "../../delivery/comment";
import { failure } from "../release/awsServer";

/** GitHub's comments of one pull request. */
class GitHub {
  readonly comments: { id: number; body: string; html_url: string }[] = [];
  readonly server: Server;
  refuses = false;

  constructor() {
    this.server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        if (this.refuses || request.headers.authorization !== "Bearer token") {
          response.writeHead(403).end("Resource not accessible by integration");
        } else response.end(JSON.stringify(this.answer(request.method!, request.url!, text)));
      });
    });
  }

  private answer(method: string, url: string, text: string): unknown {
    const { pathname, searchParams } = new URL(url, "http://github");
    if (method === "GET") {
      const [page, size] = [Number(searchParams.get("page")), Number(searchParams.get("per_page"))];
      return this.comments.slice((page - 1) * size, page * size);
    }
    const { body } = JSON.parse(text) as { body: string };
    if (method === "POST") return this.add(body);
    const found = this.comments.find(({ id }) => pathname.endsWith(`/issues/comments/${id}`))!;
    found.body = body;
    return found;
  }

  add(body: string) {
    const id = this.comments.length + 1;
    const comment = { id, body, html_url: `https://github.com/comment/${id}` };
    this.comments.push(comment);
    return comment;
  }
}

describe("the comment under a pull request", () => {
  const github = new GitHub();
  before((done) => void github.server.listen(0, "127.0.0.1", done));
  after(() => void github.server.close());
  const write = (markdown: string) => {
    const api = `http://127.0.0.1:${(github.server.address() as AddressInfo).port}`;
    return commentOnPullRequest(markdown, {
      api,
      repository: "octo-org/octo-repo",
      pullRequest: "12",
      token: "token",
    });
  };

  it("is written once, below what others wrote, and rewritten from then on", async () => {
    for (let other = 0; other < 150; other++) github.add(`remark ${other}`);
    expect(await write("### small: 1 created")).to.equal("https://github.com/comment/151");
    expect(await write("### small: no changes")).to.equal("https://github.com/comment/151");
    expect(github.comments).to.have.length(151);
    expect(github.comments[150]!.body).to.contain("no changes").and.not.to.contain("1 created");
    expect(github.comments[0]!.body).to.equal("remark 0");
  });

  it("is cut to the length that GitHub takes", async () => {
    await write("x".repeat(100_000));
    expect(github.comments[150]!.body).to.have.length(65_536);
  });

  it("fails with GitHub's own words", async () => {
    github.refuses = true;
    expect(await failure(write("text")))
      .to.contain("403")
      .and.to.contain("Resource not accessible by integration");
  });
});
