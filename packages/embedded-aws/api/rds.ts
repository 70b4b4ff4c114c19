// RDS: the states of instances and of proxies' targets.
import type { Resource } from "../account";
import { AwsError, type Context } from "../models/model";
import { healthOf } from "../models/rdsProxyTargets";
import { phaseOf } from "../states/phases";
import { authorize, type Operation, type Operations } from "./call";
import { Items } from "./wire";

const instanceType = "aws:rds/instance:Instance";

/** Simulated time that passes with each question about something that is not ready yet (seconds). */
const betweenQuestions = 30;

const describeDbProxyTargets: Operation = (input, caller) => {
  const { context } = caller;
  const name = String(input.DBProxyName);
  const proxy = context.account.find("aws:rds/proxy:Proxy", "name", name);
  authorize(
    caller,
    "rds:DescribeDBProxyTargets",
    String(proxy?.outputs.arn ?? `arn:aws:rds:${context.region}:${context.accountId}:db-proxy:${name}`),
  );
  if (!proxy) throw new AwsError("DBProxyNotFoundFault", `DBProxy ${name} doesn't exist.`);
  const targets = context.account
    .list("aws:rds/proxyTarget:ProxyTarget")
    .filter(({ inputs }) => inputs.dbProxyName === name)
    .map((target) => ({ outputs: target.outputs, health: healthOf(target, context) }));
  if (targets.some(({ health }) => health.state !== "AVAILABLE")) context.clock.pass(betweenQuestions);
  return {
    Targets: targets.map(({ outputs, health }) => ({
      TargetArn: outputs.targetArn,
      Endpoint: outputs.endpoint,
      RdsResourceId: outputs.rdsResourceId,
      Port: outputs.port,
      Type: outputs.type,
      Role: "READ_WRITE",
      TargetHealth: { State: health.state, Reason: health.reason, Description: health.description },
    })),
  };
};

const describeDbInstances: Operation = (input, caller) => {
  const { context } = caller;
  const name = input.DBInstanceIdentifier === undefined ? undefined : String(input.DBInstanceIdentifier);
  const arn = `arn:aws:rds:${context.region}:${context.accountId}:db:${name ?? "*"}`;
  authorize(caller, "rds:DescribeDBInstances", arn);
  const found = context.account
    .list(instanceType)
    .filter(({ outputs }) => name === undefined || outputs.identifier === name || outputs.arn === name);
  if (name !== undefined && found.length === 0)
    throw new AwsError("DBInstanceNotFound", `DBInstance ${name} not found.`);
  const instances = found.map((instance) => described(instance, context));
  if (instances.some(({ DBInstanceStatus: status }) => status !== "available"))
    context.clock.pass(betweenQuestions);
  return { DBInstances: new Items("DBInstance", instances) };
};

function described(instance: Resource, { clock }: Context) {
  const { outputs } = instance;
  return {
    DBInstanceIdentifier: outputs.identifier,
    DBInstanceArn: outputs.arn,
    DBInstanceClass: outputs.instanceClass,
    DBInstanceStatus: phaseOf(instance, clock.now())?.state,
    AllocatedStorage: outputs.allocatedStorage,
    MaxAllocatedStorage: outputs.maxAllocatedStorage,
    DbiResourceId: outputs.resourceId,
    Engine: outputs.engine,
    EngineVersion: outputs.engineVersionActual,
    MultiAZ: outputs.multiAz,
    Endpoint: { Address: outputs.address, Port: outputs.port, HostedZoneId: outputs.hostedZoneId },
  };
}

export const operations: Operations = {
  DescribeDBProxyTargets: describeDbProxyTargets,
  DescribeDBInstances: describeDbInstances,
};
