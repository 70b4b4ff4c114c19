import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { remedies } from "../../../../docs/remedies";
import { projectFolder } from "../../../../offline/files";
import { queryFault } from "../../../../packages/embedded-aws/models/queryDefinitions";
import { scales } from "../../../../stacks/guide";
import { makePlan } from "../../../../stacks/plan";
import logMetrics from "../../../../stacks/plan/monitoring/logMetrics.json";
import { type QueriedAlarm, queries, type SavedQuery } from "../../../../stacks/plan/monitoring/queries";
import { alarmKeys } from "../../../../stacks/plan/monitoring/watched";
import { parseSettings } from "../../../../stacks/settings";

const all = Object.entries(queries) as readonly (readonly [QueriedAlarm, SavedQuery])[];

/** Phrases of which a line has to have one: the query's `like "…"` on its message. */
const phrasesOf = ({ query }: SavedQuery) =>
  [...query.matchAll(/@message like "([^"]+)"/g)].map(([, phrase]) => phrase!);

/** A command of the query with a regular expression, applied to a line as Logs Insights does. */
const expressionOf = ({ query }: SavedQuery, command: "filter" | "parse") =>
  new RegExp(new RegExp(`^\\|? ?${command} @message (?:like )?/(.+)/$`, "m").exec(query)![1]!);

/** Lines as RDS exports them: `log_line_prefix` is `%t:%r:%u@%d:[%p]:`. */
const prefix = "2026-11-30 20:00:00 UTC:10.0.3.7(51234):chatpop_admin@chatpop:[4711]:";
const slow = `${prefix}LOG:  duration: 812.345 ms  statement: SELECT "chats_message"."id" FROM "chats_message" WHERE 1`;
const prepared = `${prefix}LOG:  duration: 501.2 ms  execute <unnamed>: SELECT 1`;
const full = `${prefix}FATAL:  remaining connection slots are reserved for non-replication superuser connections`;

describe("saved queries", () => {
  for (const [alarm, saved] of all) {
    it(`${alarm}: is one that Logs Insights can carry out`, () => {
      expect(queryFault(saved.query)).to.equal(undefined);
    });

    it(`${alarm}: is asked by a step of its alarm`, () => {
      const asked = remedies[alarm].flatMap(({ sh = "" }) => [...sh.matchAll(/^ask (\S+)/gm)]);
      expect(asked.map(([, key]) => key)).to.include(alarm);
    });
  }

  it("are all that the steps of alarms ask", () => {
    for (const alarm of alarmKeys) {
      const shell = remedies[alarm].map(({ sh = "" }) => sh).join("\n");
      for (const [, key] of shell.matchAll(/^ask (\S+)/gm)) expect(key, alarm).to.equal(alarm);
      if (!(alarm in queries))
        expect(shell, `${alarm} reads a log without a saved query`).not.to.match(/aws logs/);
    }
  });

  it("look for what the image logs, and for the lines that make the alarm's metric", () => {
    const folder = join(projectFolder, "image", "chatpop_aws");
    const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".py"))
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("\n");
    const ofTasks = all.filter(([, { log }]) => log === "tasks").flatMap(([, saved]) => phrasesOf(saved));
    expect(ofTasks).to.have.length.above(5);
    for (const phrase of ofTasks) if (phrase !== "Traceback") expect(source).to.contain(phrase);
    for (const [, phrase] of logMetrics["lost-messages"].pattern.matchAll(/"([^"]+)"/g))
      expect(phrasesOf(queries["lost-messages"])).to.include(phrase);
    for (const key of ["outbox-backlog", "outbox-stuck"] as const)
      expect(queries["outbox-backlog"].query).to.contain(logMetrics[key].value.slice("$.".length));
  });

  it("find errors by the last line of a traceback", () => {
    const line = expressionOf(queries["application-errors"], "filter");
    expect("django.db.utils.OperationalError: connection to server failed").to.match(line);
    expect("Internal Server Error: /api/messages/").to.match(line);
    expect('10.0.3.7 - "GET /health/ HTTP/1.1" 200').not.to.match(line);
  });

  it("read PostgreSQL's lines as RDS exports them", () => {
    const statement = expressionOf(queries["database-cpu"], "parse");
    expect(statement.exec(slow)!.groups).to.deep.include({ ms: "812.345" });
    expect(statement.exec(slow)!.groups!["statement"]).to.match(/^SELECT "chats_message"/);
    expect(statement.exec(prepared)!.groups).to.include({ ms: "501.2", statement: "SELECT 1" });
    const reason = expressionOf(queries["database-connections"], "parse");
    expect(reason.exec(full)!.groups!["reason"]).to.match(/^remaining connection slots/);
    expect(full).to.match(expressionOf(queries["database-failure"], "filter"));
    expect(slow).not.to.match(expressionOf(queries["database-failure"], "filter"));
  });

  for (const scale of scales) {
    it(`${scale}: are those of the alarms that it has`, () => {
      const plan = makePlan({ scale });
      const { alarms, notices, queries: saved } = plan.monitoring;
      const here = new Set<string>([...Object.values(alarms).map(({ key }) => key), ...Object.keys(notices)]);
      expect(Object.keys(saved)).to.have.members(all.map(([key]) => key).filter((key) => here.has(key)));
      const ofProxy = Object.values(saved).filter(({ log }) => log === "proxy");
      expect(ofProxy).to.have.length(plan.databaseProxy ? 1 : 0);
    });
  }

  it("go with an alarm that is turned off, and with the log of an adopted database", () => {
    const off = { "database-cpu": { enabled: false, reason: "watched elsewhere" } };
    const quiet = makePlan(parseSettings({ scale: "small", alarms: JSON.stringify(off) }));
    expect(quiet.monitoring.queries).not.to.have.property("database-cpu");
    expect(quiet.monitoring.queries).to.have.property("response-time");
    const adopted = makePlan(parseSettings({ scale: "small", adopted: JSON.stringify(["database"]) }));
    const logs = Object.values(adopted.monitoring.queries).map(({ log }) => log);
    expect(logs).to.include("tasks").and.not.include("database");
  });
});
