// CloudWatch Logs: reading a stream, and the list of saved queries.
import { AwsError } from "../models/model";
import { authorize, type Operation, type Operations } from "./call";
import { readStream } from "./logStreams";

const most = 10_000;

const getLogEvents: Operation = (input, caller) => {
  const { context } = caller;
  const group = String(input.logGroupName ?? String(input.logGroupIdentifier).split(":log-group:").pop());
  const stream = String(input.logStreamName);
  const arn = `arn:aws:logs:${context.region}:${context.accountId}:log-group:${group}:log-stream:${stream}`;
  authorize(caller, "logs:GetLogEvents", arn);
  if (!context.account.get("aws:cloudwatch/logGroup:LogGroup", group)) {
    throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }
  const events = readStream(context, group, stream);
  if (!events) throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
  const limit = Number(input.limit ?? most);
  const found = input.startFromHead === true ? events.slice(0, limit) : events.slice(-limit);
  const token = String(found.at(-1)?.timestamp ?? 0);
  return {
    events: found.map((event) => ({ ...event, ingestionTime: event.timestamp })),
    nextBackwardToken: `b/${token}`,
    nextForwardToken: `f/${token}`,
  };
};

const describeQueryDefinitions: Operation = ({ queryDefinitionNamePrefix = "" }, caller) => {
  authorize(caller, "logs:DescribeQueryDefinitions", "*");
  const queries = caller.context.account
    .list("aws:cloudwatch/queryDefinition:QueryDefinition")
    .filter(({ inputs }) => String(inputs["name"]).startsWith(String(queryDefinitionNamePrefix)));
  return {
    queryDefinitions: queries.map(({ id, inputs: { name, queryString, logGroupNames } }) => ({
      ...{ queryDefinitionId: id, name, queryString, logGroupNames },
    })),
  };
};

export const operations: Operations = {
  GetLogEvents: getLogEvents,
  DescribeQueryDefinitions: describeQueryDefinitions,
};
