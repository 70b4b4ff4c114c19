import { type Api, startApi } from "../../packages/embedded-aws/api/server";
import { layout } from "../../offline/environment";
import { models } from "../../packages/embedded-aws/models";
import { roleByArn } from "../../packages/embedded-aws/models/permission";
import { AccountFile } from "../../packages/embedded-aws/provider/accountFile";
import { contextFor } from "../../packages/embedded-aws/provider/context";

/** The AWS API of an offline home's account, in the name of the role that deploys: it may do what that role may. */
export function startApiOfDeployRole(home: string): Promise<Api> {
  const account = new AccountFile(layout(home).account, (type) => models.get(type)?.sensitive ?? []);
  const now = () => contextFor(account.read(), { region: "us-east-1", urn: "", home: layout(home).account });
  return startApi({
    session: "GitHubActions",
    get context() {
      return now();
    },
    get role() {
      const role = now()
        .account.list("aws:iam/role:Role")
        .find(({ id }) => id.startsWith("chatpop-deploy-"));
      return roleByArn(role?.outputs.arn, now())!;
    },
  });
}

/** Variables by which the SDK finds that API. */
export const sdkVariables = (api: Api): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: api.url,
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "offline",
  AWS_SECRET_ACCESS_KEY: "offline",
});
