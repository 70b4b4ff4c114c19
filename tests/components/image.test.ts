import { expect } from "chai";
import { everywhere } from "../recording/recording";
import { types } from "../recording/types";

describe("image repository", () => {
  it("is called chatpop-backend, keeps tags where they are, scans and encrypts (G-40, GAP-30)", () =>
    everywhere((recording, _scale, mode) => {
      expect(recording.one(types.repository).name).to.equal("chatpop-backend");
      if (mode === "update") {
        expect(recording.run.outputs["repositoryUrl"]).to.match(
          /^\d{12}\.dkr\.ecr\.us-east-1\.amazonaws\.com\/chatpop-backend-\w+$/,
        );
      }
      expect(recording.one(types.repository).inputs).to.deep.include({
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
      });
    }));

  it("forgets untagged images after a week and keeps a hundred releases", () =>
    everywhere((recording) => {
      const lifecycle = recording.one(types.lifecyclePolicy);
      expect(recording.namesOf(lifecycle, "repository")).to.deep.equal(["chatpop-backend"]);
      const { rules } = JSON.parse(lifecycle.inputs["policy"] as string) as {
        rules: { rulePriority: number; selection: object; action: object }[];
      };
      expect(
        rules.map(({ rulePriority, selection, action }) => ({ rulePriority, selection, action })),
      ).to.deep.equal([
        {
          rulePriority: 1,
          selection: {
            tagStatus: "untagged",
            countType: "sinceImagePushed",
            countUnit: "days",
            countNumber: 7,
          },
          action: { type: "expire" },
        },
        {
          // ECR wants rules for any tag last.
          rulePriority: 2,
          selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 100 },
          action: { type: "expire" },
        },
      ]);
    }));
});
